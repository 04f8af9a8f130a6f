"""What Discourse's shapes hold beyond the pages' cards. One statement each, never one per row.

None asks about rights: they are handed topics, posts and categories that the viewer has been found to see.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.clock import now
from forum.text import MAX_ID
from forum.topics.lists import Cursor
from forum.topics.queries import LIST_SIZE, TopicCard
from realtime.sql import as_datetime, sql

CHUNK = 20
BEFORE = CHUNK // 4
MEGA_TOPIC = 10_000
PARTICIPANTS = 24
# In days.
PERIODS = {"day": 1, "week": 7, "month": 30, "year": 365}


async def stream_of(topic: TopicCard) -> list[int] | None:
    """The ids of a topic's posts in their order, without the deleted; None beyond 10,000 posts."""
    if topic.posts_count > MEGA_TOPIC:
        return None
    rows = await sql(
        "SELECT id FROM posts WHERE topic_id = {0} AND deleted_at IS NULL ORDER BY post_number", topic.id
    )
    return [row["id"] for row in rows]


async def ids_around(topic_id: int, number: int) -> list[int]:
    """The ids of the twenty posts around a number: five before it, or more where the topic ends.

    The cost is the same in a topic of 100,000 posts.
    """
    some = "SELECT id, post_number FROM posts WHERE topic_id = {0} AND deleted_at IS NULL AND post_number"
    rows = await sql(
        f"""SELECT id, post_number FROM ({some} < {{1}} ORDER BY post_number DESC LIMIT {CHUNK}) AS before_it
            UNION ALL
            SELECT id, post_number FROM ({some} >= {{1}} ORDER BY post_number LIMIT {CHUNK}) AS from_it
            ORDER BY 2""",
        topic_id,
        min(number, MAX_ID),
    )
    earlier = sum(row["post_number"] < number for row in rows)
    start = max(0, min(earlier - BEFORE, len(rows) - CHUNK))
    return [row["id"] for row in rows[start : start + CHUNK]]


async def ids_above(topic_id: int, post_id: int) -> list[int]:
    """The posts that this one answers, each answering the one before: a hundred at the most."""
    rows = await sql(
        """WITH RECURSIVE above(id, answers, depth) AS (
                SELECT id, reply_to_post_number, 0 FROM posts WHERE id = {1}
                UNION ALL
                SELECT p.id, p.reply_to_post_number, a.depth + 1 FROM above a
                JOIN posts p ON p.topic_id = {0} AND p.post_number = a.answers WHERE a.depth < 100)
            SELECT DISTINCT id FROM above WHERE id <> {1}""",
        topic_id,
        post_id,
    )
    return [row["id"] for row in rows]


async def raws_of(post_ids: Iterable[int]) -> dict[int, str]:
    """The texts of these posts as they were typed."""
    rows = await sql(
        f"SELECT id, raw FROM posts WHERE id IN ({ids(frozenset(post_ids))}) AND deleted_at IS NULL"
    )
    return {row["id"]: row["raw"] for row in rows}


async def own_votes(viewer: Viewer, post_ids: Iterable[int]) -> dict[int, int]:
    """The viewer's votes on these posts: post id → ±1."""
    wanted = frozenset(post_ids)
    if viewer.id is None or not wanted:
        return {}
    rows = await sql(
        f"SELECT post_id, value FROM votes WHERE user_id = {{0}} AND post_id IN ({ids(wanted)})", viewer.id
    )
    return {row["post_id"]: row["value"] for row in rows}


class Roles(Struct, frozen=True):
    """What a member is on this site."""

    admin: bool = False
    moderator: bool = False


async def roles_of(user_ids: Iterable[int]) -> dict[int, Roles]:
    """Those of these members who look after the site."""
    wanted = frozenset(user_ids)
    if not wanted:
        return {}
    rows = await sql(
        f"SELECT id, admin, moderator FROM users WHERE (admin OR moderator) AND id IN ({ids(wanted)})"
    )
    return {row["id"]: Roles(bool(row["admin"]), bool(row["moderator"])) for row in rows}


async def participants_of(topic: TopicCard) -> list[dict[str, Any]]:
    """Who wrote most in a topic: rows of id, username, name, post_count; nobody beyond 10,000 posts."""
    if topic.posts_count > MEGA_TOPIC:
        return []
    return await sql(
        f"""SELECT u.id, u.username, u.name, u.picture, u.admin, u.moderator, COUNT(*) AS post_count
            FROM posts p JOIN users u ON u.id = p.user_id
            WHERE p.topic_id = {{0}} AND p.deleted_at IS NULL GROUP BY u.id, u.username, u.name,
            u.picture, u.admin, u.moderator ORDER BY 7 DESC, 1 LIMIT {PARTICIPANTS}""",
        topic.id,
    )


async def accepted_of(topic: TopicCard) -> list[dict[str, Any]]:
    """The accepted answers of a topic by number: who wrote each, who accepted it, when."""
    if not topic.solved:
        return []
    return await sql(
        """SELECT p.id AS post_id, p.post_number, p.cooked, u.username, u.name, a.created_at AS accepted_at,
            au.username AS accepter_username, au.name AS accepter_name
            FROM accepted_answers a JOIN posts p ON p.id = a.post_id JOIN users u ON u.id = p.user_id
            JOIN users au ON au.id = a.accepter_id
            WHERE a.topic_id = {0} AND p.deleted_at IS NULL ORDER BY p.post_number""",
        topic.id,
    )


class Counts(Struct, frozen=True):
    """How much a category holds, and how many of its topics are that young."""

    topics: int = 0
    posts: int = 0
    day: int = 0
    week: int = 0
    month: int = 0
    year: int = 0


async def counts_of(category_ids: frozenset[int]) -> Mapping[int, Counts]:
    """The topics and posts of these categories, without the deleted."""
    young = ", ".join(
        f"COUNT(*) FILTER (WHERE created_at > {{{n}}}) AS {name}" for n, name in enumerate(PERIODS)
    )
    rows = await sql(
        f"SELECT category_id, COUNT(*) AS topics, SUM(posts_count) AS posts, {young} FROM topics"
        f" WHERE deleted_at IS NULL AND category_id IN ({ids(category_ids)}) GROUP BY category_id",
        *(now() - timedelta(days=days) for days in PERIODS.values()),
    )
    return {row.pop("category_id"): Counts(**{name: int(n) for name, n in row.items()}) for row in rows}


async def cursor_at(category_ids: frozenset[int], page: int, tag: str | None = None) -> Cursor | None:
    """Where page `page` (from 1 on) of a list begins (of the topics with a tag); None beyond its end."""
    tagged = " AND id IN (SELECT topic_id FROM topic_tags WHERE key = {1})" if tag is not None else ""
    rows = await sql(
        f"SELECT bumped_at, id FROM topics WHERE deleted_at IS NULL AND category_id IN ({ids(category_ids)})"
        f"{tagged} ORDER BY bumped_at DESC, id DESC LIMIT 1 OFFSET {{0}}",
        LIST_SIZE * page - 1,
        *([tag] if tag is not None else []),
    )
    return Cursor(as_datetime(rows[0]["bumped_at"]), rows[0]["id"]) if rows else None


class Activity(Struct, frozen=True):
    """When a member came, and what they wrote where the viewer may look."""

    joined_at: datetime
    topics: int
    posts: int
    last_posted_at: datetime | None


async def activity_of(viewer: Viewer, user_id: int) -> Activity:
    """A member's activity, for this viewer."""
    rows = await sql(
        f"""SELECT u.created_at, COUNT(p.id) AS posts, MAX(p.created_at) AS last_posted_at,
                COUNT(p.id) FILTER (WHERE p.post_number = 1) AS topics
            FROM users u LEFT JOIN (posts p JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL
                AND t.category_id IN ({ids(viewer.rights.see)}))
                ON p.user_id = u.id AND p.deleted_at IS NULL AND p.post_type = 1
            WHERE u.id = {{0}} GROUP BY u.id, u.created_at""",
        user_id,
    )
    row = rows[0]
    last = as_datetime(row["last_posted_at"]) if row["last_posted_at"] else None
    return Activity(as_datetime(row["created_at"]), row["topics"], row["posts"], last)


async def number_of_alerts(viewer: Viewer) -> int:
    """How many alerts a member has in all, in topics that they may still see."""
    rows = await sql(
        f"""SELECT COUNT(*) AS n FROM notifications n JOIN topics t ON t.id = n.topic_id
            WHERE n.user_id = {{0}} AND t.deleted_at IS NULL
            AND t.category_id IN ({ids(viewer.rights.see)})""",
        viewer.id,
    )
    return int(rows[0]["n"])

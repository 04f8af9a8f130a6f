"""Storing a ready topic: one transaction, found again by its number, never twice and never half."""

import re
from collections.abc import Iterable
from typing import Any

from forum.answers.steps import recount_accepted
from forum.categories.actions import touch_site
from forum.categories.queries import expire_themes
from forum.clock import now
from forum.importing.convert import ReadyPost, ReadyTopic
from forum.importing.files import SMALL_ACTION, Author, SourcePost, SourceTopic
from forum.importing.numbers import may_keep, step_over
from forum.markdown import COOK_VERSION
from forum.tags.names import join_names, kept_names
from forum.tags.steps import tag_topic
from forum.text import slugify
from forum.votes.steps import recount_likes
from realtime import log
from realtime.sql import sql

SOURCE = "discourse"
ROWS = 50
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
POST_COLUMNS = (
    "topic_id", "user_id", "post_number", "reply_to_post_number", "reply_count", "post_type", "action_code",
    "raw", "cooked", "cook_version", "version", "score", "up_count", "imported_like_count", "created_at",
    "updated_at", "edited_at", "deleted_at",
)  # fmt: skip


async def member_names() -> dict[str, str]:
    """Who is a member already: lower-cased names → as written."""
    return {
        row["username_lower"]: row["username"]
        for row in await sql("SELECT username_lower, username FROM users")
    }


async def stored_topics() -> set[int]:
    """The numbers that topics had elsewhere, of those that are here."""
    rows = await sql("SELECT external_id FROM topic_aliases WHERE source = {0}", SOURCE)
    return {row["external_id"] for row in rows}


async def ensure_members(authors: Iterable[Author], made: dict[str, int]) -> None:
    """An unclaimed account for each name that has none: nobody can sign in with it."""
    missing = {author.username.lower(): author for author in authors if author.username.lower() not in made}
    for lower, author in missing.items():
        rows = await sql(
            """INSERT INTO users (username, username_lower, name, title, affiliation, admin, moderator,
                    created_at) VALUES ({0}, {1}, {2}, {3}, '', {4}, {4}, {5})
                ON CONFLICT (username_lower) DO UPDATE SET username_lower = {1} RETURNING id""",
            author.username[:60],
            lower[:60],
            author.name[:120],
            author.title[:160],
            False,
            now(),
        )
        made[lower] = rows[0]["id"]


async def store(ready: ReadyTopic, category_id: int, members: dict[str, int]) -> bool:
    """Write a topic with its posts and its accepted answers; False if another import just did."""
    topic = ready.topic
    assert topic is not None, "only a topic that could be read is stored"
    async with log.transaction():
        if await _is_here(topic.id):
            return False
        topic_id = await _store_topic(topic, category_id, members)
        await sql(
            "INSERT INTO topic_aliases (source, external_id, topic_id) VALUES ({0}, {1}, {2})",
            SOURCE,
            topic.id,
            topic_id,
        )
        await tag_topic(topic_id, kept_names(topic.tags))
        await _store_posts(topic_id, ready, topic, members)
        await _store_accepted(topic, topic_id, members)
        await recount_accepted(topic_id)
        await recount_likes(topic_id)
    return True


async def _is_here(external_id: int) -> bool:
    query = "SELECT 1 FROM topic_aliases WHERE source = {0} AND external_id = {1}"
    return bool(await sql(query, SOURCE, external_id))


async def _store_topic(topic: SourceTopic, category_id: int, members: dict[str, int]) -> int:
    values = _topic_values(topic, category_id, members)
    if may_keep(topic.id) and not await sql("SELECT 1 FROM topics WHERE id = {0}", topic.id):
        await step_over("topics", topic.id)
        values["id"] = topic.id
    rows = await _insert("topics", tuple(values), [tuple(values.values())], " RETURNING id")
    return int(rows[0]["id"])


def _topic_values(topic: SourceTopic, category_id: int, members: dict[str, int]) -> dict[str, Any]:
    alive = [post for post in topic.posts if post.deleted_at is None] or [topic.posts[0]]
    spoken = [post for post in alive if post.post_type != SMALL_ACTION] or alive
    first, last = topic.posts[0], spoken[-1]
    return {
        "title": topic.title[:300],
        "slug": _slug(topic),
        "kind": "question" if any(post.accepted for post in topic.posts) else "discussion",
        "category_id": category_id,
        "user_id": members[first.author.username.lower()],
        "last_poster_id": members.get(topic.last_poster.lower()) or members[last.author.username.lower()],
        "created_at": topic.created_at,
        "bumped_at": topic.bumped_at or last.created_at,
        "last_posted_at": topic.last_posted_at or last.created_at,
        "highest_post_number": topic.highest_number,
        "posts_count": len(alive),
        "accepted_count": 0,
        "like_count": 0,
        "views": topic.views,
        "tag_names": join_names(kept_names(topic.tags)),
        "version": 1,
        "closed": topic.closed,
        "archived": topic.archived,
        "pinned": topic.pinned,
        "pinned_until": topic.pinned_until,
        "deleted_at": topic.deleted_at,
    }


def _slug(topic: SourceTopic) -> str:
    kept = SLUG.fullmatch(topic.slug)
    return topic.slug[:120] if kept else slugify(topic.slug or topic.title) or "sujet"


async def _store_posts(topic_id: int, ready: ReadyTopic, topic: SourceTopic, members: dict[str, int]) -> None:
    replies = _reply_counts(topic)
    rows = [
        _post_row(topic_id, post, text, members, replies)
        for post, text in zip(topic.posts, ready.posts, strict=True)
    ]
    for start in range(0, len(rows), ROWS):
        await _insert("posts", POST_COLUMNS, rows[start : start + ROWS])


async def totals() -> dict[str, int]:
    """What is here of all that was ever imported, counted in the database."""
    rows = await sql(
        """SELECT COUNT(DISTINCT p.topic_id) AS topics, COUNT(*) AS posts,
                COUNT(DISTINCT p.user_id) AS members, COUNT(DISTINCT t.category_id) AS categories,
                COALESCE(SUM(p.imported_like_count), 0) AS likes, COUNT(a.id) AS accepted
            FROM topic_aliases x JOIN topics t ON t.id = x.topic_id JOIN posts p ON p.topic_id = t.id
            LEFT JOIN accepted_answers a ON a.post_id = p.id WHERE x.source = {0}""",
        SOURCE,
    )
    return {name: int(value) for name, value in rows[0].items()}


def _reply_counts(topic: SourceTopic) -> dict[int, int]:
    counts: dict[int, int] = {}
    for post in topic.posts:
        if post.reply_to and post.deleted_at is None:
            counts[post.reply_to] = counts.get(post.reply_to, 0) + 1
    return counts


def _post_row(
    topic_id: int,
    post: SourcePost,
    text: ReadyPost,
    members: dict[str, int],
    replies: dict[int, int],
) -> tuple[Any, ...]:
    edited = post.updated_at if post.version > 1 and post.updated_at > post.created_at else None
    return (
        topic_id, members[post.author.username.lower()], post.number, post.reply_to,
        replies.get(post.number, 0), post.post_type if post.post_type in (1, 2, 3) else 1,
        (post.action_code or "")[:60] or None, text.source, text.cooked, COOK_VERSION, 1, 0, 0, post.likes,
        post.created_at, post.updated_at, edited, post.deleted_at,
    )  # fmt: skip


async def _store_accepted(topic: SourceTopic, topic_id: int, members: dict[str, int]) -> None:
    asker = members[topic.posts[0].author.username.lower()]
    for post in topic.posts:
        if post.accepted:
            await sql(
                """INSERT INTO accepted_answers (topic_id, post_id, accepter_id, post_version, created_at)
                    SELECT topic_id, id, {2}, 1, created_at FROM posts
                    WHERE topic_id = {0} AND post_number = {1}""",
                topic_id,
                post.number,
                asker,
            )


async def _insert(
    table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], tail: str = ""
) -> list[dict[str, Any]]:
    """Many rows in one statement."""
    width = len(columns)
    places = ", ".join(
        "(" + ", ".join(f"{{{row * width + column}}}" for column in range(width)) + ")"
        for row in range(len(rows))
    )
    values = [value for row in rows for value in row]
    return await sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}{tail}", *values)


async def finish() -> None:
    """After the last topic: every process looks again at what the site holds."""
    async with log.transaction():
        await touch_site()
    expire_themes()

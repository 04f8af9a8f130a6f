"""Storing a ready topic: one transaction, found again by its number, never twice and never half."""

from collections.abc import Iterable
from typing import Any

from forum.categories.actions import create_category, touch_site
from forum.categories.queries import expire_themes
from forum.clock import now
from forum.importing.convert import ReadyTopic
from forum.importing.files import Author, SourcePost, SourceTopic
from forum.markdown import COOK_VERSION
from forum.text import slugify
from realtime import log
from realtime.sql import dialect, sql

SOURCE = "discourse"
ROWS = 50
POST_COLUMNS = (
    "topic_id", "user_id", "post_number", "reply_to_post_number", "reply_count", "post_type", "action_code",
    "raw", "cooked", "cook_version", "version", "score", "up_count", "imported_like_count", "created_at",
    "updated_at", "edited_at", "deleted_at",
)  # fmt: skip


async def stored_topics() -> set[int]:
    """The numbers that topics had elsewhere, of those that are here."""
    rows = await sql("SELECT external_id FROM topic_aliases WHERE source = {0}", SOURCE)
    return {row["external_id"] for row in rows}


async def ensure_category(external_id: int, known: dict[int, dict[str, Any]], made: dict[int, int]) -> int:
    """The category here of a category there, made at need; its number is kept when it is free."""
    if external_id in made:
        return made[external_id]
    row = known.get(external_id, {})
    name = str(row.get("name") or f"Catégorie {external_id}")
    found = await sql("SELECT id FROM categories WHERE name = {0}", name)
    if found:
        made[external_id] = found[0]["id"]
        return made[external_id]
    taken = await sql("SELECT 1 FROM categories WHERE id = {0}", external_id)
    parent = row.get("parent_category_id")
    category = await create_category(
        name[:80],
        id=None if taken or not external_id else external_id,
        slug=slugify(str(row.get("slug") or name)),
        description=str(row.get("description_text") or ""),
        color=str(row.get("color") or "58666a")[:6],
        parent_id=await ensure_category(parent, known, made) if parent else None,
    )
    await move_sequence("categories")
    made[external_id] = category.id
    return category.id


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


async def store(ready: ReadyTopic, category_id: int, members: dict[str, int]) -> None:
    """Write a topic with its posts and its accepted answers."""
    topic = ready.topic
    assert topic is not None, "only a topic that could be read is stored"
    async with log.transaction():
        topic_id = await _store_topic(topic, category_id, members)
        await sql(
            "INSERT INTO topic_aliases (source, external_id, topic_id) VALUES ({0}, {1}, {2})",
            SOURCE,
            topic.id,
            topic_id,
        )
        replies = _reply_counts(topic)
        rows = [
            _post_row(topic_id, post, text.source, text.cooked, members, replies)
            for post, text in zip(topic.posts, ready.posts, strict=True)
        ]
        for start in range(0, len(rows), ROWS):
            await _insert("posts", POST_COLUMNS, rows[start : start + ROWS])
        await _store_accepted(topic, topic_id, members)


async def _store_topic(topic: SourceTopic, category_id: int, members: dict[str, int]) -> int:
    alive = [post for post in topic.posts if post.deleted_at is None] or [topic.posts[0]]
    first, last = topic.posts[0], alive[-1]
    values = {
        "title": topic.title[:300],
        "slug": (topic.slug or slugify(topic.title) or "sujet")[:120],
        "kind": "question" if any(post.accepted for post in topic.posts) else "discussion",
        "category_id": category_id,
        "user_id": members[first.author.username.lower()],
        "last_poster_id": members[last.author.username.lower()],
        "created_at": topic.created_at,
        "bumped_at": last.created_at,
        "last_posted_at": last.created_at,
        "highest_post_number": topic.posts[-1].number,
        "posts_count": len(alive),
        "accepted_count": sum(post.accepted for post in alive),
        "like_count": sum(post.likes for post in topic.posts),
        "views": topic.views,
        "version": 1,
        "closed": topic.closed,
        "archived": topic.archived,
        "pinned": topic.pinned,
        "deleted_at": topic.deleted_at,
    }
    if not await sql("SELECT 1 FROM topics WHERE id = {0}", topic.id):
        values["id"] = topic.id
    rows = await _insert("topics", tuple(values), [tuple(values.values())], " RETURNING id")
    return int(rows[0]["id"])


def _reply_counts(topic: SourceTopic) -> dict[int, int]:
    counts: dict[int, int] = {}
    for post in topic.posts:
        if post.reply_to and post.deleted_at is None:
            counts[post.reply_to] = counts.get(post.reply_to, 0) + 1
    return counts


def _post_row(
    topic_id: int,
    post: SourcePost,
    source: str,
    cooked: str,
    members: dict[str, int],
    replies: dict[int, int],
) -> tuple[Any, ...]:
    edited = post.updated_at if post.version > 1 and post.updated_at > post.created_at else None
    return (
        topic_id, members[post.author.username.lower()], post.number, post.reply_to,
        replies.get(post.number, 0), post.post_type if post.post_type in (1, 2, 3) else 1,
        (post.action_code or "")[:60] or None, source, cooked, COOK_VERSION, 1, 0, 0, post.likes,
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
    """After the last topic: PostgreSQL's counters stand above the numbers that were kept."""
    await move_sequence("topics")
    async with log.transaction():
        await touch_site()
    expire_themes()


async def move_sequence(table: str) -> None:
    """On PostgreSQL a row stored with its number does not move the counter: move it."""
    if dialect() == "postgres":
        highest = f"GREATEST((SELECT MAX(id) FROM {table}), 1)"
        await sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest})")

"""Idempotency: a step at the start and at the end of an action that makes a post."""

from datetime import timedelta

from forum.clock import now
from forum.posts.new import NewPost
from realtime.sql import sql

LIFE = timedelta(days=1)


async def claim_key(user_id: int, key: str) -> NewPost | None:
    """Take a key for this transaction; the post that it made within the last day, if it did.

    A second request with the same key waits here (the row is locked, or SQLite's writer is) until
    the first has committed, and then finds its post.
    """
    if not key or not user_id:
        return None
    taken = await sql(
        """INSERT INTO idempotency_keys (user_id, key, post_id, created_at) VALUES ({0}, {1}, 0, {2})
            ON CONFLICT (user_id, key) DO UPDATE SET post_id = 0, created_at = {2}
                WHERE idempotency_keys.created_at < {3} RETURNING id""",
        user_id,
        key,
        now(),
        now() - LIFE,
    )
    return None if taken else await _made_with(user_id, key)


async def _made_with(user_id: int, key: str) -> NewPost:
    rows = await sql(
        """SELECT p.id, p.topic_id, t.category_id, p.post_number AS number, p.user_id AS author_id,
            t.slug AS topic_slug FROM idempotency_keys k JOIN posts p ON p.id = k.post_id
            JOIN topics t ON t.id = p.topic_id WHERE k.user_id = {0} AND k.key = {1}""",
        user_id,
        key,
    )
    return NewPost(**rows[0])


async def keep_key(user_id: int, key: str, post_id: int) -> None:
    """Write what the key made, in the same transaction."""
    if key:
        await sql(
            "UPDATE idempotency_keys SET post_id = {2} WHERE user_id = {0} AND key = {1}",
            user_id,
            key,
            post_id,
        )

"""Drafts kept, read and thrown away."""

from collections.abc import Mapping

import orjson

from forum.clock import now
from forum.stored import object_in
from realtime import log
from realtime.sql import sql

MAX_BYTES = 400_000


async def keep_draft(user_id: int, key: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed for a place, over what was kept before; beyond 400 KB it is not kept."""
    data = orjson.dumps(dict(fields)).decode()
    if len(data) > MAX_BYTES:
        return
    async with log.transaction():
        await sql(
            """INSERT INTO drafts (user_id, draft_key, data, updated_at) VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT (user_id, draft_key) DO UPDATE SET data = {2}, updated_at = {3}""",
            user_id,
            key,
            data,
            now(),
        )


async def draft_of(user_id: int | None, key: str) -> dict[str, str]:
    """The fields kept for a place; empty when there are none."""
    if user_id is None:
        return {}
    rows = await sql("SELECT data FROM drafts WHERE user_id = {0} AND draft_key = {1}", user_id, key)
    return read_draft(rows[0]["data"] if rows else None)


def read_draft(data: str | None) -> dict[str, str]:
    """The fields of a stored draft."""
    return object_in(data, "drafts", "data")


async def drop_draft(user_id: int, key: str) -> None:
    """A step of publishing: the draft has become a post."""
    await sql("DELETE FROM drafts WHERE user_id = {0} AND draft_key = {1}", user_id, key)

"""Waiting for the job that makes cards anew: the site's own, which is running."""

from realtime.sql import sql
from tests.waiting import until


async def cards_are_made_anew() -> None:
    """Wait until none is left to do."""

    async def none_left() -> bool:
        return await sql("SELECT 1 FROM jobs WHERE name = 'refresh_cards'") == []

    await until(none_left)

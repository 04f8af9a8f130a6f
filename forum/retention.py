"""How long things are kept that nobody looks at any more, and the jobs that let them go."""

from datetime import timedelta

from forum.accounts.sessions import close_sessions
from forum.api.steps import LIFE as RETRIES
from forum.clock import now
from realtime import log
from realtime.sql import sql

# A page that slept longer than this refreshes what it shows instead of asking what it missed.
LIVE_EVENTS = timedelta(days=7)
BATCH = 500


async def forget_retries() -> None:
    """The answers kept for programs and forms that send a post again: a day."""
    async with log.transaction():
        await sql("DELETE FROM idempotency_keys WHERE created_at < {0}", now() - RETRIES)


async def forget_sessions() -> None:
    """Sessions that have come to their end; what is still connected with them ends too."""
    few = f"id IN (SELECT id FROM sessions WHERE expires_at < {{0}} ORDER BY id LIMIT {BATCH})"
    closed = BATCH
    while closed == BATCH:
        async with log.transaction() as record:
            closed = await close_sessions(record, few, now())


async def trim_log() -> None:
    """The live log: a week."""
    await log.trim(LIVE_EVENTS, now())

"""How long things are kept that nobody looks at any more, and the jobs that let them go."""

from datetime import timedelta

from forum.accounts.sessions import close_sessions
from forum.api.steps import LIFE as RETRIES
from forum.clock import now
from forum.live_policies import NAMESPACES
from realtime import log, place, retention
from realtime.retention import Rule
from realtime.sql import sql

BATCH = 500
# What the policies do not name: changes of rights, and the channels of what is no longer part of the forum.
OTHER_EVENTS = Rule(max_age=timedelta(days=7), max_events=10_000)


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
    """The live log: as long as the policies say."""
    await retention.trim(now(), {"": OTHER_EVENTS, **retention.rules_of(NAMESPACES)})


async def settle_log() -> None:
    """Note where the live log is; a copy that was put back is another log."""
    await place.settle()


async def renew_log() -> None:
    """Make another log of it, for what no place tells: every open page refreshes."""
    await log.renew_epoch()

"""Looking for what nobody told: a wake-up lost on its way costs a second, never an event."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from realtime import delivery, log
from realtime.channel import Channel
from realtime.rights import RIGHTS
from realtime.sql import dialect, sql

if TYPE_CHECKING:
    from realtime.hub import Hub

SWEEP_SECONDS = 1.0
PEEK_SECONDS = 0.1
PART = 500

logger = logging.getLogger("realtime.sweeping")


async def sweep_forever(hub: "Hub") -> None:
    """Every second compare each channel with the log; more often, look at rights, and on SQLite at all."""
    seen, last = -1, 0.0
    while True:
        await asyncio.sleep(PEEK_SECONDS)
        try:
            if dialect() == "sqlite":
                seen = await _peek(hub, seen)
            else:
                # Whoever has lost a right is gone within a second, although nobody told.
                await hub.rights.settle()
            if time.monotonic() - last >= SWEEP_SECONDS:
                last = time.monotonic()
                await sweep(hub)
        except Exception:
            logger.warning("the database does not answer: live waits", exc_info=True)


async def _peek(hub: "Hub", seen: int) -> int:
    """Other programs write too (commands). SQLite numbers events in the order of commits: what is new?"""
    if seen < 0:
        return int((await sql("SELECT COALESCE(MAX(id), 0) AS last FROM live_events"))[0]["last"])
    rows = await sql("SELECT id, channel FROM live_events WHERE id > {0} ORDER BY id LIMIT 1000", seen)
    hub.wake({row["channel"] for row in rows})
    return max((row["id"] for row in rows), default=seen)


async def sweep(hub: "Hub") -> None:
    """Wake the channels that have moved, whoever moved them; a log that was renewed starts over."""
    await hub.rights.check((await log.positions([RIGHTS]))[RIGHTS])
    names = list(hub.channels)
    for first in range(0, len(names), PART):
        for name, position in (await log.positions(names[first : first + PART])).items():
            await _compare(hub, name, position)


async def _compare(hub: "Hub", name: str, position: log.Position) -> None:
    channel = hub.channels.get(name)
    if channel is None:
        return
    if position.epoch != channel.epoch:
        await delivery.start_over(hub, channel)
    elif position.offset > channel.cursor and channel.pump is not None:
        # It is being read: on a busy channel that may have no end to wait for.
        channel.dirty = True
    elif position.offset > channel.cursor:
        hub.spawn(_catch_up(hub, channel, position.offset))


async def _catch_up(hub: "Hub", channel: Channel, head: int) -> None:
    try:
        await delivery.catch_up(hub, channel, head)
    except Exception:
        logger.exception("channel cannot be caught up: the next sweep will try again")

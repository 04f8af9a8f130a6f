"""From the log to everyone who listens: read once, encoded once for each variant, the same bytes to all."""

import asyncio
import contextlib
import logging
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from realtime import log
from realtime.channel import Channel, Subscription
from realtime.connection import Connection
from realtime.protocol import codes, messages
from realtime.protocol.messages import Message
from realtime.publishing import PUBLICATION

if TYPE_CHECKING:
    from realtime.hub import Hub

BATCH = 500
# Events encoded and sent together: one look at the rights serves them all.
TOGETHER = 20
YIELD_EVERY = 500
# So many times an event may fail to be encoded before everyone refreshes instead; a second lies between.
TRIES = 3

Encoded = dict[Hashable, list[Message]]

logger = logging.getLogger("realtime.delivery")


def start_pump(hub: "Hub", channel: Channel) -> "asyncio.Task[None]":
    """Read what is new in a channel, now or as soon as what is being read is done.

    The task ends when all is read; with `channel.dirty` still true if it could not be.
    """
    channel.dirty = True
    if channel.pump is None:
        channel.pump = hub.spawn(_pump(hub, channel))
    return channel.pump


async def _pump(hub: "Hub", channel: Channel) -> None:
    try:
        while channel.dirty:
            channel.dirty = False
            await _deliver_new(hub, channel)
    except Exception:
        channel.dirty = True
        channel.failures += 1
        logger.exception("channel cannot be delivered: the sweep will try again")
        await _give_up(hub, channel)
    finally:
        channel.pump = None
        hub.close_if_empty(channel)


async def _give_up(hub: "Hub", channel: Channel) -> None:
    """What fails again and again, although the log can be read, must not hold up what follows it: everyone
    is told to refresh, since a number without its content would be silently less."""
    if channel.failures >= TRIES:
        with contextlib.suppress(Exception):
            await start_over(hub, channel)


async def catch_up(hub: "Hub", channel: Channel, head: int) -> None:
    """Bring a channel to where the log was seen to stand; what the log cannot give any more is told."""
    await asyncio.shield(start_pump(hub, channel))
    if channel.cursor < head and not channel.dirty:
        await start_over(hub, channel)


async def _deliver_new(hub: "Hub", channel: Channel) -> None:
    while events := await log.after(channel.name, channel.cursor, BATCH):
        if not channel.follows(events):
            await start_over(hub, channel)
            return
        for first in range(0, len(events), TOGETHER):
            await _deliver(hub, channel, events[first : first + TOGETHER])


async def _deliver(hub: "Hub", channel: Channel, events: Sequence[log.Event]) -> None:
    encoded: Encoded = {}
    for n, event in enumerate(events):
        await _encode_missing(hub, channel, events, encoded)
        # No one can join between the last look at who is there and the channel's moving on.
        there = channel.advance(event.offset)
        hub.counts.sent(event, len(there))
        await _send(hub, channel, there, encoded, n)


async def _encode_missing(
    hub: "Hub", channel: Channel, events: Sequence[log.Event], encoded: Encoded
) -> None:
    """Encode for each variant that listens, then look at the rights: nothing is sent to who just lost them.

    What was read for the encoding was committed before the look, and a change of rights that it presumes
    was committed before that.
    """
    while missing := channel.groups.keys() - encoded.keys():
        # Side by side: each of these waits for the database, where many may stand in line.
        for variant in missing:
            encoded[variant] = await asyncio.gather(*(_message(hub, event, variant) for event in events))
        await hub.rights.settle()


async def _send(
    hub: "Hub", channel: Channel, there: Sequence[Subscription], encoded: Encoded, n: int
) -> None:
    """To everyone who was there when the channel moved on; others have their turn now and then."""
    offset = channel.cursor
    for place, subscription in enumerate(there, 1):
        if not subscription.deliver(offset, encoded[subscription.variant][n]):
            unsubscribe(hub, subscription.listener, channel.name, *codes.INSUFFICIENT_STATE)
        if place % YIELD_EVERY == 0:
            await asyncio.sleep(0)


async def _message(hub: "Hub", event: log.Event, variant: Hashable) -> Message:
    return messages.push(event.channel, "pub", await encode(hub, event, variant))


async def encode(hub: "Hub", event: log.Event, variant: Hashable) -> str:
    """An event as a publication.

    Raises:
        Exception: whatever the host's encoding raises, once it is noted which event it was.
    """
    try:
        data = await hub.namespace(event.channel).encode(event, variant)
    except Exception:
        where = {"namespace": hub.policies.namespace_name(event.channel), "offset": event.offset}
        logger.warning("event cannot be encoded", extra={"kind": event.kind, **where})
        raise
    info = str(event.data.get("info", "")) if event.kind == PUBLICATION else ""
    return messages.publication(event.offset, data, info)


async def start_over(hub: "Hub", channel: Channel) -> None:
    """The log has a hole (trimmed, restored): everyone comes back and is told to refresh."""
    position = (await log.positions([channel.name]))[channel.name]
    for subscription in channel.start_over(position.offset, position.epoch):
        unsubscribe(hub, subscription.listener, channel.name, *codes.INSUFFICIENT_STATE)


def unsubscribe(hub: "Hub", connection: Connection, name: str, code: int, reason: str) -> None:
    """End a subscription and say so: 2000 is final, from 2500 on the client subscribes again."""
    hub.leave(connection, name)
    connection.send(messages.unsubscribe_push(name, code, reason))

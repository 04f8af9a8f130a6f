"""How a client comes to hear a channel: asked about, brought to where the channel stands, and added."""

import asyncio
from collections.abc import Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from realtime import delivery, log
from realtime.channel import Channel, Joined, Recovery, Subscription
from realtime.connection import Connection
from realtime.policies import Namespace
from realtime.protocol import codes, messages
from realtime.protocol.codes import Disconnect, ErrorReply
from realtime.protocol.messages import Since
from realtime.unchanged import wait_for

if TYPE_CHECKING:
    from realtime.hub import Hub

BATCH = 500
# Encoded side by side: each waits for the database, where many may stand in line.
TOGETHER = 20


async def admitted(hub: "Hub", connection: Connection, name: str) -> Namespace:
    """The namespace of a channel that this client may hear, as rights are at this moment.

    Raises:
        ErrorReply: 103, for a channel that it may not hear and for one that does not exist.
    """
    await hub.rights.settle()
    namespace = hub.policies.namespace(name)
    may_hear = await namespace.audience(name) if namespace else None
    if namespace is None or may_hear is None or not may_hear(connection.who):
        raise ErrorReply(*codes.PERMISSION_DENIED)
    return namespace


async def subscribe(
    hub: "Hub", connection: Connection, name: str, since: Since | None, *, all_or_error: bool = False
) -> Joined:
    """Join a channel, from `since` on or from now.

    The caller answers without awaiting anything, then lets it begin to hear (`Joined.begin`).

    Args:
        all_or_error: whoever cannot be given all since `since` does not join.

    Raises:
        ErrorReply: 103 for what may not be heard or does not exist, 105 for a channel already joined,
            106 for too many, 112 for a position from which nothing can be made whole.
    """
    if name in connection.subscriptions:
        raise ErrorReply(*codes.ALREADY_SUBSCRIBED)
    if len(connection.subscriptions) >= hub.policies.limits.subscriptions:
        raise ErrorReply(*codes.LIMIT_EXCEEDED)
    connection.subscriptions[name] = None
    try:
        asked_at = hub.rights.moves
        await admitted(hub, connection, name)
        channel = await _open(hub, name)
        return await _join(hub, connection, channel, since, asked_at, all_or_error)
    except BaseException:
        connection.subscriptions.pop(name, None)
        raise


async def _open(hub: "Hub", name: str) -> Channel:
    """The channel, opened once at the log's present position."""
    # Another who waited for it may have come first, and left it empty again.
    while name not in hub.channels:
        if name in hub.opening:
            await asyncio.shield(hub.opening[name])
        else:
            await _read_channel(hub, name)
    return hub.channels[name]


async def _read_channel(hub: "Hub", name: str) -> None:
    """Read where it stands; who wants it meanwhile waits, and hears what goes wrong."""
    opening = hub.opening[name] = asyncio.get_running_loop().create_future()
    try:
        position = await hub.positions.get(name)
        hub.channels.setdefault(name, Channel(name, position.offset, position.epoch))
    except Exception as error:
        opening.set_exception(error)
        # There may be nobody who waits.
        opening.exception()
        raise
    finally:
        del hub.opening[name]
        if not opening.done():
            opening.set_result(None)


async def _join(
    hub: "Hub", connection: Connection, channel: Channel, since: Since | None, asked_at: int,
    all_or_error: bool,
) -> Joined:  # fmt: skip
    """From here on the channel is held open by the newcomer's place, and what comes is held for it."""
    subscription = channel.join(connection, connection.who.variant)
    try:
        joined = await _bring(hub, channel, subscription, since, asked_at)
        if all_or_error and since is not None and not joined.recovered:
            raise ErrorReply(*codes.UNRECOVERABLE)
    except BaseException:
        channel.leave(subscription)
        hub.close_if_empty(channel)
        raise
    _enter(hub, channel, subscription)
    return joined


async def _bring(
    hub: "Hub", channel: Channel, subscription: Subscription, since: Since | None, asked_at: int
) -> Joined:
    """Read what was missed, and ask about the rights again for as long as they change meanwhile."""
    namespace, connection = hub.namespace(channel.name), subscription.listener
    known = since if namespace.recovers else None
    recovery = Recovery(channel, subscription, known, hub.policies.limits.recovered)
    if known:
        recovery.forget(await _forgotten(hub, channel, namespace))
    missed = await _recover(hub, channel.name, recovery, subscription.variant)
    while hub.rights.moves != asked_at:
        asked_at = hub.rights.moves
        await admitted(hub, connection, channel.name)
    # Nothing has been awaited since: the rights are those asked about.
    if connection.closing:
        raise Disconnect(*codes.STALE)
    hub.counts.recovery(recovery)
    whole = recovery.whole
    return Joined(subscription, recovery.offset, channel.epoch, whole, tuple(missed) if whole else ())


async def _forgotten(hub: "Hub", channel: Channel, namespace: Namespace) -> int:
    """The number up to which nothing is told again. Where little is kept, the log's own end counts."""
    last = channel.cursor
    most = hub.policies.limits.recovered
    if channel.pump is not None and namespace.max_events is not None and namespace.max_events < most:
        last = (await log.positions([channel.name]))[channel.name].offset
    return namespace.forgotten(last)


async def _recover(hub: "Hub", name: str, recovery: Recovery, variant: Hashable) -> list[str]:
    """Read and encode what was missed, then look at the rights; nothing if it cannot be made whole."""
    if recovery.ahead:
        # It heard on another worker what this one has not been told of yet.
        position = await hub.positions.get(name)
        recovery.stands_at(position.offset, position.epoch)
    missed: list[str] = []
    seen: object = None
    while (offset := recovery.reads_after()) is not None:
        now = hub.unchanged.now().moment
        key: tuple[Hashable, ...] = ("after", name, offset, recovery.end)
        events = hub.unchanged.join(key, partial(log.after, name, offset, BATCH))
        # What others have read by now was found true still; after what is waited for, rights are asked anew.
        seen = now if events.done() else None
        read = await wait_for(events)
        recovery.take(read)
        new = recovery.missed[len(missed) :]
        for first in range(0, len(new), TOGETHER):
            some = new[first : first + TOGETHER]
            key = ("encoded", name, some[0].offset, len(some), variant)
            bodies = hub.unchanged.join(key, partial(_encode, hub, some, variant))
            seen = seen if bodies.done() else None
            try:
                encoded = await wait_for(bodies)
            except Exception:
                # Noted where it failed. The client refreshes.
                recovery.refuse()
                return []
            missed += encoded
    if missed:
        await hub.rights.settle(seen)
    return missed


async def _encode(hub: "Hub", events: Sequence[log.Event], variant: Hashable) -> list[str]:
    """Side by side: each waits for the database. Who comes back from elsewhere shares each of them."""
    asked = [
        hub.unchanged.join(
            ("encoded", event.channel, event.offset, variant), partial(delivery.encode, hub, event, variant)
        )
        for event in events
    ]
    return [await wait_for(answer) for answer in asked]


def _enter(hub: "Hub", channel: Channel, subscription: Subscription) -> None:
    connection = subscription.listener
    connection.subscriptions[channel.name] = subscription
    if hub.namespace(channel.name).presence:
        hub.roster.enter(channel.name, connection.presence)
        # After the answer to the newcomer, who is told of its own arrival like everyone else.
        asyncio.get_running_loop().call_soon(_tell_arrival, hub, channel.name, subscription)


def _tell_arrival(hub: "Hub", name: str, subscription: Subscription) -> None:
    subscription.listener.say_answers()
    if not subscription.ended:
        tell_presence(hub, name, subscription.listener.presence, True)


def tell_presence(hub: "Hub", name: str, info: dict[str, Any], came: bool) -> None:
    """Tell those who hear a channel here that somebody, here or on another worker, came or left."""
    channel, namespace = hub.channels.get(name), hub.policies.namespace(name)
    if channel is None or namespace is None or not namespace.join_leave:
        return
    body = messages.json_object({"info": orjson.dumps(info).decode()})
    message = messages.push(name, "join" if came else "leave", body)
    for subscription in list(channel.subscriptions()):
        subscription.listener.send(message)

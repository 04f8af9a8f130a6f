"""What clients ask for, performed: who they are, what they hear, what was said, who is there."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from realtime import journal, log
from realtime.channel import Joined
from realtime.connection import Connection
from realtime.delivery import encode
from realtime.joining import admitted
from realtime.joining import subscribe as subscribe_to
from realtime.policies import Identity, Namespace
from realtime.protocol import VERSION, codes, messages
from realtime.protocol.codes import Disconnect, ErrorReply
from realtime.protocol.messages import Since
from realtime.protocol.session import (
    PING_SECONDS,
    Call,
    Connect,
    History,
    Presence,
    Publish,
    Refresh,
    Subscribe,
    Unsubscribe,
)
from realtime.publishing import publish

if TYPE_CHECKING:
    from realtime.hub import Hub

logger = logging.getLogger("realtime.commands")


async def perform(hub: "Hub", connection: Connection, request: Any) -> None:
    """Answer one request; a fault of ours costs the client this answer, never the connection."""
    try:
        await PERFORMERS[type(request)](hub, connection, request)
    except ErrorReply as error:
        journal.refused(connection, request, error)
        _refuse(connection, request, error)
    except Disconnect as end:
        connection.end(end.code, end.reason)
    except Exception:
        logger.exception("command failed", extra={"command": request.command.method})
        _refuse(connection, request, ErrorReply(*codes.INTERNAL))


def _refuse(connection: Connection, request: Any, error: ErrorReply) -> None:
    """Answer by an error; a client that is half connected cannot go on, and comes back."""
    if connection.held is None:
        connection.answer(messages.error_reply(request.command, error))
    else:
        connection.end(*codes.SERVER_ERROR)


async def connect(hub: "Hub", connection: Connection, request: Connect) -> None:
    """Find out who it is, count the connection, and subscribe it to its own channels."""
    identity = await _identify(hub, connection, request)
    if connection.closing:
        return
    connection.identity = identity
    hub.check_connections(identity.user, connection.handshake.address)
    if len(identity.channels) > hub.policies.limits.subscriptions:
        raise Disconnect(*codes.CHANNEL_LIMIT)
    connection.session.connected(_expiry(identity.expires_in))
    hub.register(connection)
    # What comes on its channels meanwhile waits until it knows that it is connected.
    connection.held = []
    subs = {name: await _server_side(hub, connection, name, request) for name in identity.channels}
    result: dict[str, Any] = {
        "client": connection.client, "version": VERSION, "ping": PING_SECONDS, "pong": True,
        **_lifetime(identity.expires_in),
    }  # fmt: skip
    fields = {"subs": messages.json_object(subs)} if subs else {}
    connection.release(messages.raw_reply(request.command, messages.with_fields(result, **fields)))


async def _identify(hub: "Hub", connection: Connection, request: Connect) -> Identity:
    """Who it is as rights are now: a change that came while we asked found nobody to tell."""
    while True:
        asked_at = hub.rights.moves
        identity = await hub.policies.authenticate(connection.handshake, request.token, request.data)
        if hub.rights.moves == asked_at:
            return identity


async def _server_side(hub: "Hub", connection: Connection, name: str, request: Connect) -> str:
    since = request.positions.get(name)
    joined = await subscribe_to(hub, connection, name, since)
    # What it hears waits until the whole is answered (`Connection.held`).
    joined.begin()
    return subscribed(hub.namespace(name), joined, since)


async def refresh(hub: "Hub", connection: Connection, request: Refresh) -> None:
    """A newer token of the same user."""
    identity = await hub.policies.authenticate(connection.handshake, request.token, None)
    if identity.user != connection.who.user:
        raise Disconnect(*codes.INVALID_TOKEN)
    connection.identity = replace(connection.who, expires_in=identity.expires_in)
    connection.session.connected(_expiry(identity.expires_in))
    connection.answer(messages.reply(request.command, _lifetime(identity.expires_in)))


def _expiry(expires_in: float | None) -> float | None:
    return None if expires_in is None else time.monotonic() + expires_in


def _lifetime(expires_in: float | None) -> dict[str, Any]:
    return {} if expires_in is None else {"expires": True, "ttl": max(1, int(expires_in))}


async def subscribe(hub: "Hub", connection: Connection, request: Subscribe) -> None:
    """Ask the doorman, bring what was missed, and join."""
    namespace = hub.policies.namespace(request.channel)
    checks = namespace.token_holds if namespace and request.token else None
    if checks and not await checks(connection.who, request.channel, request.token):
        raise ErrorReply(*codes.PERMISSION_DENIED)
    joined = await subscribe_to(
        hub, connection, request.channel, request.since, all_or_error=request.reject_unrecovered
    )
    body = subscribed(hub.namespace(request.channel), joined, request.since)
    connection.answer(messages.raw_reply(request.command, body))
    joined.begin()


def subscribed(namespace: Namespace, joined: Joined, since: Since | None) -> str:
    """A subscription's result as JSON."""
    if not namespace.recovers:
        return "{}"
    result = {
        "recoverable": True, "positioned": True, "epoch": joined.epoch, "offset": joined.offset,
        "recovered": joined.recovered, "was_recovering": since is not None,
    }  # fmt: skip
    return messages.with_fields(result, publications=messages.json_list(joined.missed))


async def unsubscribe(hub: "Hub", connection: Connection, request: Unsubscribe) -> None:
    """Stop hearing a channel, heard or not."""
    hub.leave(connection, request.channel)
    connection.answer(messages.reply(request.command, {}))


async def tell(hub: "Hub", connection: Connection, request: Publish) -> None:
    """Publish where the policy lets whoever may hear a channel do so."""
    namespace = await admitted(hub, connection, request.channel)
    if not namespace.publish:
        raise ErrorReply(*codes.PERMISSION_DENIED)
    if _size(request.data) > hub.policies.limits.published_bytes:
        raise ErrorReply(*codes.BAD_REQUEST)
    await publish(request.channel, request.data, connection.presence)
    connection.answer(messages.reply(request.command, {}))


def _size(data: Any) -> int:
    try:
        return len(orjson.dumps(data))
    except TypeError:  # nested more deeply than can be written again
        raise ErrorReply(*codes.BAD_REQUEST) from None


async def presence(hub: "Hub", connection: Connection, request: Presence) -> None:
    """Who hears a channel, on all workers."""
    namespace = await admitted(hub, connection, request.channel)
    if not namespace.presence:
        raise ErrorReply(*codes.NOT_AVAILABLE)
    there = hub.roster.present(request.channel)
    if request.stats:
        result: dict[str, Any] = {
            "num_clients": len(there),
            "num_users": len({info["user"] for info in there.values()}),
        }
    else:
        result = {"presence": there}
    connection.answer(messages.reply(request.command, result))


async def history(hub: "Hub", connection: Connection, request: History) -> None:
    """What a channel said, encoded for this client as if it had heard it now."""
    namespace = await admitted(hub, connection, request.channel)
    if not namespace.history:
        raise ErrorReply(*codes.NOT_AVAILABLE)
    position = (await log.positions([request.channel]))[request.channel]
    if request.since and request.since.epoch not in ("", position.epoch):
        raise ErrorReply(*codes.UNRECOVERABLE)
    events = await _past(hub, request, position.offset, namespace.forgotten(position.offset))
    bodies = [await encode(hub, event, connection.who.variant) for event in events]
    await admitted(hub, connection, request.channel)
    fields = {"publications": messages.json_list(bodies)} if bodies else {}
    result = {"offset": position.offset, "epoch": position.epoch}
    connection.answer(messages.raw_reply(request.command, messages.with_fields(result, **fields)))


async def _past(hub: "Hub", request: History, last: int, forgotten: int) -> list[log.Event]:
    """What is asked of the events numbered above `forgotten`, up to `last`."""
    most = hub.policies.limits.history
    count = most if request.limit < 0 else min(request.limit, most)
    if count == 0:
        return []
    if request.reverse:
        end = min(request.since.offset if request.since else last + 1, last + 1)
        events = await log.before(request.channel, end, count)
    else:
        start = max(request.since.offset if request.since else 0, forgotten)
        events = await log.after(request.channel, start, count)
    return [event for event in events if forgotten < event.offset <= last]


async def call(hub: "Hub", connection: Connection, request: Call) -> None:
    """A method of the host's."""
    if not hub.policies.rpc:
        raise ErrorReply(*codes.NOT_AVAILABLE)
    method = hub.policies.rpc.get(request.method)
    if method is None:
        raise ErrorReply(*codes.METHOD_NOT_FOUND)
    data = await method(connection.who, request.data)
    connection.answer(messages.reply(request.command, {"data": data}))


PERFORMERS: dict[type, Callable[["Hub", Connection, Any], Awaitable[None]]] = {
    Connect: connect,
    Refresh: refresh,
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
    Publish: tell,
    Presence: presence,
    History: history,
    Call: call,
}

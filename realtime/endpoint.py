"""The WebSocket endpoint: a thin shell around the protocol and the hub. Pure ASGI."""

import time
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from realtime import log, protocol
from realtime.channel import Joined
from realtime.connection import Connection
from realtime.hub import Hub
from realtime.policies import Handshake, Policies
from realtime.protocol import Command, Disconnect, ErrorReply

MAX_HISTORY = 300


class LiveEndpoint:
    """`/connection/websocket`: one task a client, which the server runs anyway.

    Args:
        hub: what the clients of this process listen through.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        handshake = _handshake(scope, self.hub.policies)
        if handshake is None:
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        connection = Connection(send, self.hub.drop_slow)  # type: ignore[arg-type]
        connection.heard_at = time.monotonic()
        try:
            await _Client(self.hub, connection, handshake).serve(receive)
        except Disconnect as end:
            self.hub.disconnect([connection], end.code, end.reason)
            await _drain(receive)
        finally:
            self.hub.forget(connection)


def _handshake(scope: Scope, policies: Policies) -> Handshake | None:
    """The request, or None for a page of another site. Without `Origin`, cookies do not count."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    allowed = policies.origins or {headers.get("host", "").lower()}
    if origin is not None and urlsplit(origin).netloc.lower() not in allowed:
        return None
    address = scope["client"][0] if scope.get("client") else ""
    return Handshake(headers, address, cookies_count=origin is not None)


async def _drain(receive: Receive) -> None:
    """Wait for the end of a connection that is being closed."""
    while (await receive())["type"] != "websocket.disconnect":
        pass


class _Client:
    """The commands of one client, in order."""

    def __init__(self, hub: Hub, connection: Connection, handshake: Handshake) -> None:
        self.hub, self.connection, self.handshake = hub, connection, handshake
        self._second, self._count = 0, 0

    async def serve(self, receive: Receive) -> None:
        """Answer until the client leaves."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            self.connection.heard_at = time.monotonic()
            if message.get("text") is None:
                raise Disconnect(*protocol.BAD_FRAME)
            for command in protocol.read_frame(message["text"]):
                if command is not None:
                    await self._answer(command)

    async def _answer(self, command: Command) -> None:
        try:
            self._count_command()
            await self._run(command)
        except ErrorReply as error:
            if command.id:
                self.connection.send(protocol.error_reply(command, error))

    def _count_command(self) -> None:
        second = int(time.monotonic())
        self._count = self._count + 1 if second == self._second else 1
        self._second = second
        if self._count > self.hub.policies.commands_per_second:
            raise ErrorReply(*protocol.TOO_MANY_REQUESTS)

    async def _run(self, command: Command) -> None:
        if (self.connection.identity is None) != (command.method == "connect"):
            raise Disconnect(*protocol.BAD_FRAME)
        handler = getattr(self, f"_{command.method}", None)
        if handler is None:
            raise ErrorReply(*protocol.NOT_AVAILABLE)
        await handler(command)

    async def _connect(self, command: Command) -> None:
        identity = await self.hub.policies.authenticate(self.handshake, command.params)
        others = self.hub.connections_of(identity.user) if identity.user else []
        if len(others) >= self.hub.policies.max_connections_per_user:
            raise Disconnect(*protocol.CONNECTION_LIMIT)
        self.connection.identity = identity
        self.hub.register(self.connection)
        wishes = command.params.get("subs") or {}
        subs = {name: await self._server_side(name, wishes.get(name) or {}) for name in identity.channels}
        result = {
            "client": self.connection.client,
            "version": protocol.VERSION,
            "ping": protocol.PING_SECONDS,
            "pong": True,
        }
        body = ",".join(f"{orjson.dumps(name).decode()}:{sub}" for name, sub in subs.items())
        text = orjson.dumps(result).decode()[:-1] + (f',"subs":{{{body}}}}}' if subs else "}")
        self.connection.send(protocol.raw_reply(command, text.encode()))

    async def _server_side(self, name: str, wish: dict[str, Any]) -> str:
        since = protocol.read_since(wish)
        joined = await self.hub.subscribe(self.connection, name, since)
        return _subscribed(joined, since)

    async def _subscribe(self, command: Command) -> None:
        name = command.params.get("channel")
        await self._check(name)
        assert isinstance(name, str)
        since = protocol.read_since(command.params)
        joined = await self.hub.subscribe(self.connection, name, since)
        flag = command.params.get("flag", 0)
        if since and not joined.recovered and isinstance(flag, int) and flag & protocol.REJECT_UNRECOVERED:
            self.hub.leave(self.connection, name)
            raise ErrorReply(*protocol.UNRECOVERABLE)
        self.connection.send(protocol.raw_reply(command, _subscribed(joined, since).encode()))

    async def _check(self, name: Any) -> None:
        """Ask the doorman; a channel that one may not hear answers as one that does not exist."""
        if not isinstance(name, str) or not 0 < len(name) <= protocol.MAX_CHANNEL_NAME:
            raise ErrorReply(*protocol.BAD_REQUEST)
        namespace = self.hub.policies.namespace(name)
        assert self.connection.identity is not None
        if namespace is None or not await namespace.may_subscribe(self.connection.identity, name):
            raise ErrorReply(*protocol.PERMISSION_DENIED)

    async def _unsubscribe(self, command: Command) -> None:
        name = command.params.get("channel")
        if isinstance(name, str):
            self.hub.leave(self.connection, name)
        self.connection.send(protocol.reply(command, {}))

    async def _ping(self, command: Command) -> None:
        self.connection.send(protocol.reply(command, {}))

    async def _history(self, command: Command) -> None:
        name = command.params.get("channel")
        await self._check(name)
        assert isinstance(name, str)
        namespace = self.hub.policies.namespace(name)
        if namespace is None or not namespace.history:
            raise ErrorReply(*protocol.NOT_AVAILABLE)
        position = (await log.positions([name]))[name]
        events = await self._past(name, command.params, position)
        body = f'{{"publications":[{events}],"offset":{position.offset},"epoch":"{position.epoch}"}}'
        self.connection.send(protocol.raw_reply(command, body.encode()))

    async def _past(self, name: str, params: dict[str, Any], position: log.Position) -> str:
        limit = params.get("limit", 0)
        if type(limit) is not int:
            raise ErrorReply(*protocol.BAD_REQUEST)
        wish = params.get("since") or {}
        since = protocol.read_since({"recover": True, **wish}) if isinstance(wish, dict) else None
        if since is None or since.epoch not in ("", position.epoch):
            raise ErrorReply(*protocol.UNRECOVERABLE)
        count = MAX_HISTORY if limit < 0 else min(limit, MAX_HISTORY)
        events = await log.after(name, since.offset, count) if count else []
        assert self.connection.identity is not None
        variant = self.connection.identity.variant
        bodies = [(event.offset, await self.hub.encode(event, variant)) for event in events]
        return ",".join(protocol.publication_body(offset, data) for offset, data in bodies)

    async def _rpc(self, command: Command) -> None:
        method = self.hub.policies.rpc.get(str(command.params.get("method", "")))
        if method is None:
            raise ErrorReply(*protocol.METHOD_NOT_FOUND)
        assert self.connection.identity is not None
        data = await method(self.connection.identity, command.params.get("data"))
        self.connection.send(protocol.reply(command, {"data": data}))

    async def _publish(self, command: Command) -> None:
        raise ErrorReply(*protocol.PERMISSION_DENIED)

    async def _send(self, command: Command) -> None:
        """A message without reply: nothing of ours listens to any yet."""


def _subscribed(joined: Joined, since: protocol.Since | None) -> str:
    """A subscription's result as JSON."""
    result = {
        "recoverable": True,
        "positioned": True,
        "epoch": joined.epoch,
        "offset": joined.offset,
        "recovered": joined.recovered,
        "was_recovering": since is not None,
    }
    missed = ",".join(protocol.publication_body(offset, data) for offset, data in joined.missed)
    return orjson.dumps(result).decode()[:-1] + f',"publications":[{missed}]}}'

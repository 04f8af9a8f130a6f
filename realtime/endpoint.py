"""The same over plain ASGI: for hosts that another server runs, or that have other sockets too.

    routes = [WebSocketRoute("/connection/websocket", LiveEndpoint(hub))]

`socket.py`, below ASGI, does with a fraction of the memory what this does.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message as Event
from starlette.types import Receive, Scope, Send

from realtime.connection import Connection
from realtime.handshake import read_handshake
from realtime.hub import Hub
from realtime.protocol.messages import Message


class LiveEndpoint:
    """An ASGI application for WebSockets: one task a client, which the server runs anyway.

    Args:
        hub: what the clients of this process listen through.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        address = scope["client"][0] if scope.get("client") else ""
        handshake = read_handshake(Headers(scope=scope), address, self.hub.policies)
        if handshake is None:
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        wire = _AsgiWire(self.hub, send)
        connection = Connection(self.hub, wire, handshake)
        try:
            while (event := await receive())["type"] != "websocket.disconnect":
                _hear(connection, event)
                await wire.wanted.wait()
        finally:
            connection.lost()


def _hear(connection: Connection, event: Event) -> None:
    if event.get("text") is None:
        connection.receive_binary()
    else:
        connection.receive(event["text"])


class _AsgiWire:
    """Drives the server's own send one step: it writes unless the client's buffer is full."""

    def __init__(self, hub: Hub, send: Send) -> None:
        self._hub, self._send = hub, send
        # Whether we go on listening; the server reads one message ahead at the most.
        self.wanted = asyncio.Event()
        self.wanted.set()

    def send(self, *messages: Message) -> bool:
        """Write now; False when the server would wait for room. Who has gone is found by `receive`."""
        return all(self._write(message) for message in messages)

    def _write(self, message: Message) -> bool:
        step = self._send({"type": "websocket.send", "text": message.text}).__await__()
        try:
            next(step)
        except (StopIteration, OSError, RuntimeError):
            return True
        step.close()
        return False

    def close(self, code: int, reason: str) -> None:
        """Say goodbye as soon as there is room for it."""
        self.wanted.set()
        self._hub.spawn(self._close(code, reason))

    async def _close(self, code: int, reason: str) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError):
            """It had gone already."""

    def read(self, wanted: bool) -> None:
        """Go on or stop listening."""
        if wanted:
            self.wanted.set()
        else:
            self.wanted.clear()

"""The shell that a site is served with: WebSockets below ASGI, for uvicorn.

The `websockets` library reads and checks the frames; messages go out as bytes that were framed once for
everyone. ASGI would cost a task, a queue and a good deal of memory for each idle client, and a framing for
each message and client. `endpoint.py` is the same over plain ASGI.
"""

import asyncio
import logging
from typing import Any, cast

from starlette.datastructures import Headers
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from realtime.connection import Connection
from realtime.handshake import read_handshake
from realtime.hub import Hub
from realtime.protocol import codes
from realtime.protocol.messages import Message
from realtime.protocol.session import MAX_FRAME

PATH = "/connection/websocket"
# What may wait for a client that does not read, before it is told to come back.
HIGH_WATER = 64 * 1024
# How long a client may take to answer our goodbye; then its connection is cut.
GOODBYE_SECONDS = 5.0
# The same when the server itself ends.
LAST_SECONDS = 2.0
ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
)

# What the library has to say of broken peers is no news of ours.
quiet = logging.getLogger("realtime.socket")
quiet.setLevel(logging.CRITICAL)


def _protocol(state: State) -> ServerProtocol:
    return ServerProtocol(max_size=MAX_FRAME, logger=quiet, state=state)


class LiveSocket(asyncio.Protocol):
    """One client's socket. uvicorn makes it when a request asks for an upgrade.

    Args:
        hub: whose clients these are.
        config, server_state, app_state: uvicorn's; of these only the set of open connections is used.
        state: open for a request that has been read already, and is `asked` next.
    """

    __slots__ = ("_connection", "_fragments", "_full", "_goodbye", "_hub", "_open", "_transport", "_wanted",
                 "_ws")  # fmt: skip

    def __init__(
        self,
        hub: Hub,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        state: State = State.CONNECTING,
    ) -> None:
        self._hub, self._open = hub, cast("set[Any]", server_state.connections)
        self._ws = _protocol(state)
        self._connection: Connection | None = None
        self._fragments: bytearray | None = None
        self._full, self._wanted = False, True
        self._goodbye: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """uvicorn hands the transport over."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer has gone, or we have cut it."""
        self._open.discard(self)
        if self._goodbye is not None:
            self._goodbye.cancel()
        self._lose()

    def data_received(self, data: bytes) -> None:
        """Bytes have come: frames, or a part of one; at first, unless it was `asked`, the request."""
        self._ws.receive_data(data)
        for event in self._ws.events_received():
            if isinstance(event, Request):
                self._upgrade(event)
            elif isinstance(event, Frame):
                self._frame(event)
        self._flush()

    def eof_received(self) -> None:
        """The peer says nothing more: it has gone."""
        self._ws.receive_eof()
        self._lose()

    def pause_writing(self) -> None:
        """More waits for this client than it may leave unread: it shall not ask for still more."""
        self._full = True
        self._read_if_wanted()

    def resume_writing(self) -> None:
        """It has read."""
        self._full = False
        self._read_if_wanted()

    def shutdown(self) -> None:
        """uvicorn ends: whoever has not been told goodbye yet is told now, and cut soon."""
        self.close(*codes.SHUTDOWN)
        self._cut_in(LAST_SECONDS)

    # The handshake

    def asked(self, headers: list[tuple[bytes, bytes]], accept: str) -> None:
        """Somebody asks for a socket, and the request has been read (`upgrade.py`).

        Args:
            headers: their names in lower case.
            accept: the answer to the client's key.
        """
        handshake = read_handshake(Headers(raw=headers), self._address(), self._hub.policies)
        if handshake is None:
            self._ws = _protocol(State.CONNECTING)
            self._ws.send_response(self._ws.reject(403, ""))
            self._flush()
            return
        self._transport.write(ACCEPTED + accept.encode() + b"\r\n\r\n")
        self._connection = Connection(self._hub, self, handshake)

    def _upgrade(self, request: Request) -> None:
        headers = Headers(
            raw=[(k.lower().encode(), v.encode("latin-1")) for k, v in request.headers.raw_items()]
        )
        response = self._ws.accept(request)
        handshake = read_handshake(headers, self._address(), self._hub.policies)
        if response.status_code == 101 and (handshake is None or request.path.partition("?")[0] != PATH):
            response = self._ws.reject(403, "")
        self._ws.send_response(response)
        if response.status_code == 101 and handshake is not None:
            self._connection = Connection(self._hub, self, handshake)

    def _address(self) -> str:
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else ""

    # What comes

    def _frame(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT) or self._connection is None:
            return
        if frame.opcode is Opcode.BINARY:
            self._connection.receive_binary()
            return
        if frame.fin and self._fragments is None:
            self._text(bytes(frame.data))
            return
        # One growing piece: fragments may be empty, and without number.
        self._fragments = self._fragments or bytearray()
        self._fragments += frame.data
        if frame.fin:
            whole, self._fragments = bytes(self._fragments), None
            self._text(whole)

    def _text(self, data: bytes) -> None:
        assert self._connection is not None
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._ws.fail(1007, "invalid UTF-8")
            self._lose()
            return
        self._connection.receive(text)

    def _lose(self) -> None:
        """The client is not there any more: what comes after this is not looked at."""
        if self._connection is not None:
            self._connection.lost()
            self._connection = None

    # The way to the client

    def send(self, *messages: Message) -> bool:
        """Write the frames; False when too much waits already."""
        if self._full:
            return False
        self._transport.write(b"".join([message.frame for message in messages]))
        return True

    def close(self, code: int, reason: str) -> None:
        """Say goodbye, and cut whoever does not answer."""
        try:
            self._ws.send_close(code, reason)
        except InvalidState:
            return
        self._flush()
        self._cut_in(GOODBYE_SECONDS)

    def _cut_in(self, seconds: float) -> None:
        if self._goodbye is not None:
            self._goodbye.cancel()
        self._goodbye = asyncio.get_running_loop().call_later(seconds, self._transport.abort)

    def read(self, wanted: bool) -> None:
        """Go on or stop reading."""
        self._wanted = wanted
        self._read_if_wanted()

    def _read_if_wanted(self) -> None:
        if self._transport.is_closing():
            return
        if self._wanted and not self._full:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _flush(self) -> None:
        """Send what the library has to say: handshakes, pongs, goodbyes; an empty piece is the end."""
        for piece in self._ws.data_to_send():
            if piece:
                self._transport.write(piece)
            else:
                self._lose()
                self._transport.close()
                self._cut_in(GOODBYE_SECONDS)

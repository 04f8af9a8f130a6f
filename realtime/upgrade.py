"""The request that becomes a socket, handed over as uvicorn has read it.

uvicorn writes it out again for the socket's protocol to read: a third of what a connection costs until it is
open, which is felt when everybody comes back at once. What is not quite as browsers ask for a socket still
goes that way: there the `websockets` library looks at it, and answers what is wrong.
"""

from base64 import b64decode
from binascii import Error

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.protocol import State
from websockets.utils import accept_key

from realtime.socket import PATH, LiveSocket

MAX_HEADERS = 100
MAX_HEADER_BYTES = 8000


class Http(HttpToolsProtocol):
    """uvicorn's own; but for `LiveSocket`, a request that is plainly one for a socket is not read twice."""

    def handle_websocket_upgrade(self) -> None:
        """Put the socket in our place; called when the whole request has been read."""
        accept = self._plainly_asked()
        if accept is None:
            super().handle_websocket_upgrade()
            return
        self.connections.discard(self)
        socket: LiveSocket = self.ws_protocol_class(  # type: ignore[call-arg, misc, assignment]
            config=self.config,
            server_state=self.server_state,
            app_state=self.app_state,
            state=State.OPEN,
        )
        socket.connection_made(self.transport)
        socket.asked(self.headers, accept)
        self.transport.set_protocol(socket)

    def _plainly_asked(self) -> str | None:
        """The answer to the client's key, when each header that counts is there once, as it should be."""
        fields = dict(self.headers)
        if (
            self.url.partition(b"?")[0] != PATH.encode()
            or (self.scope["method"], self.scope["http_version"]) != ("GET", "1.1")
            or fields.get(b"sec-websocket-version") != b"13"
            or len(fields) != len(self.headers)
            or len(fields) > MAX_HEADERS
            or sum(map(len, fields.values())) > MAX_HEADER_BYTES
            or b"content-length" in fields
            or b"transfer-encoding" in fields
        ):
            return None
        return _answer(fields.get(b"sec-websocket-key", b""))


def _answer(key: bytes) -> str | None:
    try:
        return accept_key(key.decode("ascii")) if len(b64decode(key, validate=True)) == 16 else None
    except (Error, UnicodeDecodeError):
        return None

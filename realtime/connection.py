"""One client's connection: sends without ever waiting, and remembers its subscriptions."""

from collections.abc import Callable, Coroutine
from secrets import token_hex
from typing import Any

from realtime.policies import Identity

RawSend = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Connection:
    """A client. Made by the endpoint, served by the hub.

    `send` drives the server's own send one step: it writes unless the client's buffer is full. Then
    the client is slow: nothing more is sent, and it is told to come back and recover.
    """

    __slots__ = ("_send", "channels", "client", "closing", "heard_at", "identity", "on_slow", "pinged_at")

    def __init__(self, send: RawSend, on_slow: Callable[["Connection"], None]) -> None:
        self._send = send
        self.on_slow = on_slow
        self.client = token_hex(8)
        self.identity: Identity | None = None
        self.channels: dict[str, bool] = {}
        self.closing = False
        self.heard_at = 0.0
        self.pinged_at = 0.0

    def send(self, text: str) -> bool:
        """Send a text message now, or find that the client is slow or gone."""
        if self.closing:
            return False
        step = self._send({"type": "websocket.send", "text": text})
        try:
            step.send(None)
        except StopIteration:
            return True
        except Exception:
            self.closing = True
            return False
        step.close()
        self.closing = True
        self.on_slow(self)
        return False

    async def close(self, code: int, reason: str) -> None:
        """Close with a code of the protocol; waits until the client has room for it."""
        self.closing = True
        await self._send({"type": "websocket.close", "code": code, "reason": reason})

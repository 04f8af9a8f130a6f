"""Thousands of WebSocket clients as thin as possible, so that the server is what counts: raw frames."""

import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

# Clients that are being let in at the same time, as a browser's crowd knocks.
WIDTH = 256
# Each address of the loopback network has ports of its own for its clients.
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
READ = 1 << 18
RECOVERED = b'"recovered":true'
PONG = b"\x81\x82\0\0\0\0{}"
IP_BIND_ADDRESS_NO_PORT = 24
OPEN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Hello:
    """How a client comes in.

    Attributes:
        path: of the socket.
        headers: lines that end with CR LF.
        commands: said at once when the socket is open; the client is ready when each has its reply.
        group: what it listens to.
    """

    path: str
    headers: str = ""
    commands: tuple[dict[str, Any], ...] = ()
    group: int = 0


class Ear:
    """One client."""

    __slots__ = ("hello", "line", "replies", "rest", "step")

    def __init__(self, hello: Hello, line: socket.socket) -> None:
        self.hello, self.line = hello, line
        self.rest = b""
        self.step = "knocking"
        self.replies = len(hello.commands)


class Crowd:
    """Clients of one server.

    Args:
        port: the server's, on 127.0.0.1.
        wanted: what a message must hold to be noted; b"" for any.
    """

    def __init__(self, port: int, wanted: bytes = b"") -> None:
        self.port, self.wanted = port, wanted
        self.ears: dict[int, Ear] = {}
        self.heard: list[tuple[float, int]] = []
        self.last_message = self.last_reply = b""
        self.recovered = 0
        self.dropped = 0
        self._ready = 0
        self._poll = select.epoll()

    def open(self, hellos: Iterable[Hello]) -> float:
        """Let them all in; the seconds until the last is ready.

        Raises:
            TimeoutError, ConnectionError: they are not let in.
        """
        waiting, began = iter(hellos), time.perf_counter()
        self._ready, asked, more = 0, 0, True
        while more or self._ready < asked:
            while more and asked - self._ready < WIDTH:
                more = self._knock(next(waiting, None), asked)
                asked += more
            self._listen_once(0.1)
            if self.dropped or time.perf_counter() - began > OPEN_SECONDS:
                raise ConnectionError(f"{self._ready} of {asked} let in, {self.dropped} dropped")
        return time.perf_counter() - began

    def _knock(self, hello: Hello | None, number: int) -> bool:
        if hello is None:
            return False
        line = socket.socket()
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        line.bind((ADDRESSES[number % len(ADDRESSES)], 0))
        line.connect_ex(("127.0.0.1", self.port))
        self.ears[line.fileno()] = Ear(hello, line)
        self._poll.register(line.fileno(), select.EPOLLOUT)
        return True

    def listen(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Listen for so long, or until a fact holds; whether it does."""
        end = time.perf_counter() + seconds
        while not until():
            left = end - time.perf_counter()
            if left <= 0:
                return until()
            self._listen_once(min(left, 0.1))
        return True

    def _listen_once(self, seconds: float) -> None:
        for number, _events in self._poll.poll(seconds, 1024):
            ear = self.ears[number]
            if ear.step == "knocking":
                self._ask(ear)
            else:
                self._read(ear)

    def _ask(self, ear: Ear) -> None:
        if error := ear.line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise ConnectionError(error)
        ear.line.send(
            f"GET {ear.hello.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{ear.hello.headers}\r\n".encode()
        )
        ear.step = "asking"
        self._poll.modify(ear.line.fileno(), select.EPOLLIN)

    def _read(self, ear: Ear) -> None:
        try:
            data = ear.line.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(ear)
            return
        at = time.perf_counter()
        ear.rest += data
        if ear.step == "asking":
            self._come_in(ear)
        if ear.step != "asking":
            for message in _messages(ear):
                self._take(ear, message, at)

    def _drop(self, ear: Ear) -> None:
        self.dropped += 1
        self._poll.unregister(ear.line.fileno())
        del self.ears[ear.line.fileno()]
        ear.line.close()

    def _come_in(self, ear: Ear) -> None:
        head, end, rest = ear.rest.partition(b"\r\n\r\n")
        if not end:
            return
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise ConnectionError(head[:200].decode("latin-1"))
        ear.rest, ear.step = rest, "greeting"
        if ear.hello.commands:
            ear.line.send(_frame(b"\n".join(map(orjson.dumps, ear.hello.commands))))
        else:
            self._is_ready(ear)

    def _is_ready(self, ear: Ear) -> None:
        ear.step = "listening"
        self._ready += 1

    def _take(self, ear: Ear, message: bytes, at: float) -> None:
        if message == b"{}":
            ear.line.send(PONG)
        elif ear.step == "listening":
            if self.wanted in message:
                self.heard.append((at, ear.hello.group))
                self.last_message = message
        else:
            lines = message.split(b"\n")
            if any(b'"error"' in line for line in lines):
                raise ConnectionError(message.decode())
            self.last_reply = message
            self.recovered += any(RECOVERED in line and b'"id":2' in line for line in lines)
            ear.replies -= sum(line.startswith(b'{"id"') for line in lines)
            if ear.replies <= 0:
                self._is_ready(ear)

    def close(self) -> None:
        """Everyone leaves."""
        for ear in self.ears.values():
            ear.line.close()
        self.ears.clear()
        self._poll.close()


def _messages(ear: Ear) -> Iterator[bytes]:
    """The whole messages in what has come; servers do not mask theirs."""
    data, start = ear.rest, 0
    while len(data) - start >= 2:
        size, head = data[start + 1], 2
        if size == 126:
            size, head = int.from_bytes(data[start + 2 : start + 4], "big"), 4
        elif size == 127:
            size, head = int.from_bytes(data[start + 2 : start + 10], "big"), 10
        if len(data) - start < head + size:
            break
        yield data[start + head : start + head + size]
        start += head + size
    ear.rest = data[start:]


def _frame(payload: bytes) -> bytes:
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + payload

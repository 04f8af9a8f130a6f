"""A client as thin as can be, so that the server is what counts: raw HTTP and WebSocket over streams."""

import asyncio
import json
import time
from collections.abc import Iterable

from bench.servers import Server


class Http:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self.reader, self.writer, self.host = reader, writer, host
        self.alone = asyncio.Lock()

    @classmethod
    async def open(cls, server: Server) -> "Http":
        """Connect to a server."""
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        return cls(reader, writer, f"127.0.0.1:{server.port}")

    async def request(
        self, method: str, path: str, headers: str = "", body: bytes = b""
    ) -> tuple[int, bytes]:
        """Send a request; status and body."""
        head, answer = await self._exchange(method, path, headers, body)
        return int(head.split(" ", 2)[1]), answer

    async def tag_of(self, path: str, headers: str = "") -> str:
        """The ETag that a page comes with."""
        head, _body = await self._exchange("GET", path, headers, b"")
        return next(line[6:] for line in head.split("\r\n") if line.lower().startswith("etag: "))

    async def _exchange(self, method: str, path: str, headers: str, body: bytes) -> tuple[str, bytes]:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{headers}{length}\r\n"
        self.writer.write(head.encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        fields = answer.lower().split("content-length: ")
        size = int(fields[1].split("\r\n")[0]) if len(fields) > 1 else 0
        return answer, await self.reader.readexactly(size)


async def cpu_ms(
    server: Server, asked: Iterable[tuple[str, str]], connections: int = 4, expect: int = 200
) -> float:
    """The server's CPU milliseconds a request.

    Args:
        asked: the address and the headers of each request.
        expect: the status that each must answer.
    """
    waiting = list(asked)
    count, before = len(waiting), server.cpu_seconds()

    async def worker() -> None:
        http = await Http.open(server)
        while waiting:
            path, headers = waiting.pop()
            status, _body = await http.request("GET", path, headers)
            assert status == expect, (status, path)
        http.writer.close()

    await asyncio.gather(*(worker() for _n in range(connections)))
    return 1000 * (server.cpu_seconds() - before) / count


async def listen(
    server: Server, path: str, hello: list[dict[str, object]], headers: str = ""
) -> asyncio.StreamReader:
    """A WebSocket that has said these commands; what it receives stays in the reader."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n{headers}"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    reader._relais_writer = writer  # type: ignore[attr-defined]
    for command in hello:
        send(reader, command)
    for _command in hello:
        await read_frame(reader)
    return reader


def send(reader: asyncio.StreamReader, command: dict[str, object]) -> None:
    """Say something more over a WebSocket."""
    reader._relais_writer.write(_frame(json.dumps(command).encode()))  # type: ignore[attr-defined]


def _frame(payload: bytes) -> bytes:
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + payload


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """The next text message; a ping is answered and passed over."""
    while (message := await _read_message(reader)) == b"{}":
        reader._relais_writer.write(_frame(b"{}"))  # type: ignore[attr-defined]
    return message


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    _kind, size = await reader.readexactly(2)
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8), "big")
    return await reader.readexactly(size)


async def until_all_have(readers: list[asyncio.StreamReader], started: float) -> float:
    """Milliseconds from `started` until the last reader has its next message."""
    await asyncio.gather(*(read_frame(reader) for reader in readers))
    return 1000 * (time.perf_counter() - started)

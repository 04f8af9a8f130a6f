"""A client on a bare TCP socket: it may send what no library would."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
HANDSHAKE = {
    "Host": "127.0.0.1",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PATH = "/connection/websocket"
KEY = b"\x01\x02\x03\x04"
SECONDS = 10


def frame(
    opcode: int,
    data: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length: int = -1,
) -> bytes:
    """A frame, however wrong.

    Args:
        reserved: the three reserved bits.
        length: what the header says of the data's length, when it lies.
    """
    size = len(data) if length < 0 else length
    first = (fin << 7) | (reserved << 4) | opcode
    mask = masked << 7
    if size < 126:
        head = struct.pack("!BB", first, mask | size)
    elif size < 2**16:
        head = struct.pack("!BBH", first, mask | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask | 127, size)
    return head + (KEY + _masked(data) if masked else data)


def _masked(data: bytes) -> bytes:
    pad = KEY * (len(data) // 4 + 1)
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad[: len(data)], "big")).to_bytes(len(data), "big")


def command(id: int, method: str, **params: Any) -> bytes:
    """A command in a frame."""
    return frame(TEXT, json.dumps({"id": id, method: params}).encode())


def handshake(method: str = "GET", path: str = PATH, version: str = "1.1", **changes: str | None) -> bytes:
    """An upgrade request; a header that is None is left out (`Sec_WebSocket_Key=None`)."""
    headers = {**HANDSHAKE, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [f"{method} {path} HTTP/{version}", *(f"{k}: {v}" for k, v in headers.items() if v is not None)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Raw:
    """An open TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, data: bytes) -> None:
        """Send bytes. Whoever has hung up already does not hear them."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            """What it said before it hung up can still be read."""

    async def status(self) -> int:
        """The status of the answer to a request, whose headers are read."""
        async with asyncio.timeout(SECONDS):
            head = await self.reader.readuntil(b"\r\n\r\n")
        self.head = head.decode("latin-1").lower()
        return int(head.split()[1])

    async def next_frame(self) -> tuple[int, bytes]:
        """The next frame from the server: its opcode and data.

        Raises:
            IncompleteReadError: it has hung up.
        """
        async with asyncio.timeout(SECONDS):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                (size,) = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
            return first & 15, await self.reader.readexactly(size)

    async def answer(self, id: int) -> dict[str, Any]:
        """The reply to a command."""
        while True:
            for message in await self.messages():
                if message.get("id") == id:
                    return message

    async def messages(self) -> list[dict[str, Any]]:
        """The next messages; a ping is answered."""
        opcode, data = await self.next_frame()
        assert opcode == TEXT, f"{opcode} {data!r}"
        found = [json.loads(line) for line in data.split(b"\n")]
        if {} in found:
            await self.say(frame(TEXT, b"{}"))
        return found

    async def end(self) -> int:
        """The code with which the server says goodbye (1005 for none) before it hangs up; 1006 without.

        The goodbye is answered, as libraries do.
        """
        code = 1006
        try:
            while True:
                opcode, data = await self.next_frame()
                assert code == 1006, "something came after the goodbye"
                if opcode == CLOSE:
                    code = struct.unpack("!H", data[:2])[0] if data else 1005
                    await self.say(frame(CLOSE, data))
        except (asyncio.IncompleteReadError, ConnectionError):
            return code

    async def end_by_us(self) -> int:
        """Say goodbye, and hear the server's."""
        await self.say(frame(CLOSE, struct.pack("!H", 1000)))
        return await self.end()


@asynccontextmanager
async def raw(address: str) -> AsyncIterator[Raw]:
    """A TCP connection to a site (http://host:port)."""
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Raw]:
    """The same, after the handshake and the connect command."""
    async with raw(address) as client:
        await client.say(handshake())
        assert await client.status() == 101
        await client.say(command(1, "connect"))
        assert "connect" in await client.answer(1)
        yield client

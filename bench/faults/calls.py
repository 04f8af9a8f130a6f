"""HTTP as thin as can be, with every wait bounded: one connection, kept while it works."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class Unanswered(Exception):
    """The connection ended, or the time was over, before the answer was whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's content."""
        return json.loads(self.body)


class Caller:
    """One keep-alive connection to a site, opened anew whenever it has ended.

    Args:
        address: such as http://127.0.0.1:8000.
        headers: sent with every request.
    """

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        lines = {"Host": parts.netloc, **(headers or {})}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.on_wire = False

    async def request(
        self, method: str, path: str, fields: Any = None, headers: str = "", seconds: float = 60
    ) -> Answer:
        """Send a request; `fields` go as JSON, `headers` are lines that end with CR LF.

        Raises:
            Unanswered: nothing whole came back; whether it was done is not known.
        """
        body = b"" if fields is None else json.dumps(fields).encode()
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{headers}{kind}Content-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await self._connected()
                self.on_wire = True
                writer.write(head.encode() + body)
                return await _read(reader)
        except (OSError, EOFError, TimeoutError, ValueError, IndexError) as error:
            self.close()
            raise Unanswered(repr(error)) from error
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self.on_wire = False

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    def close(self) -> None:
        """Let the connection go, whatever is on it."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].transport.abort()


async def _read(reader: asyncio.StreamReader) -> Answer:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
    return Answer(int(first.split(" ", 2)[1]), headers, body)

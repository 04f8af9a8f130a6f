"""A small TCP proxy on loopback: a line to the site that is cut, reset, slow, late, or silently dead."""

import asyncio
import socket
import struct
from time import monotonic

CHUNK = 16_384
SMALL = 4_096
NO_LINGER = struct.pack("ii", 1, 0)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Line:
    """One client's connection through the proxy, and its other half to the site.

    Attributes:
        port: the client's own port: which client it is.
        dead_since: when its client was taken away without a word to the site.
        gone_after: the seconds after which the site gave the dead client up.
    """

    def __init__(self, proxy: "Proxy", client: Streams, server: Streams) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self.port: int = client[1].get_extra_info("peername")[1]
        self.dead_since = 0.0
        self.gone_after: float | None = None
        self._open = asyncio.Event()
        self._open.set()

    async def carry(self) -> None:
        """Carry bytes both ways until one side ends."""
        there = asyncio.create_task(self._pump(self._client[0], self._server[1]))
        back = asyncio.create_task(self._pump(self._server[0], self._client[1], slow=True))
        try:
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
            if self.dead_since:
                await back
                self.gone_after = monotonic() - self.dead_since
        finally:
            there.cancel()
            back.cancel()
            self.cut()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, slow: bool = False
    ) -> None:
        try:
            while data := await source.read(min(CHUNK, self._proxy.rate or CHUNK)):
                await self._open.wait()
                if slow and self._proxy.rate:
                    await asyncio.sleep(len(data) / self._proxy.rate)
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                if not self.dead_since:
                    sink.write(data)
                    await sink.drain()
        except OSError:
            return

    def cut(self) -> None:
        """End it in good order (FIN), on both sides."""
        for _reader, writer in (self._client, self._server):
            writer.close()

    def reset(self) -> None:
        """Break it off (RST), on both sides; what was under way is lost."""
        for streams in (self._client, self._server):
            _abort(streams)

    def lose_client(self) -> None:
        """Take the client away; the site is told nothing, as when a telephone leaves the network."""
        self.dead_since = monotonic()
        _abort(self._client)

    def silence(self) -> None:
        """Carry nothing any more, in either direction, and say nothing."""
        self._open.clear()

    def speak(self) -> None:
        """Carry again, what was held back first."""
        self._open.set()


def _abort(streams: Streams) -> None:
    transport = streams[1].transport
    line: socket.socket | None = transport.get_extra_info("socket")
    if line is not None and not transport.is_closing():
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()


class Proxy:
    """Listens on a port of 127.0.0.1 and carries to another.

    Args:
        target: the site's port.
        narrow: whether there is little room on the line: what the site sends waits at the site.
        delay: seconds that each piece is late.

    Attributes:
        rate: bytes a second from the site to each client; 0 for as fast as it goes.
    """

    def __init__(self, target: int, narrow: bool = False, delay: float = 0.0) -> None:
        self.target, self.narrow, self.delay = target, narrow, delay
        self.rate = 0
        self.lines: set[Line] = set()
        self.dead: list[Line] = []
        self.address = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=SMALL)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            server = await self._to_site()
        except OSError:
            writer.close()
            return
        line = Line(self, (reader, writer), server)
        self.lines.add(line)
        try:
            await line.carry()
        except asyncio.CancelledError:
            line.reset()
        finally:
            self.lines.discard(line)

    async def _to_site(self) -> Streams:
        line = socket.socket()
        line.setblocking(False)
        if self.narrow:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        try:
            await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", self.target))
        except OSError:
            line.close()
            raise
        return await asyncio.open_connection(sock=line, limit=SMALL)

    def lose_client(self, line: Line) -> None:
        """Take a client away, and remember to look when the site notices."""
        line.lose_client()
        self.dead.append(line)

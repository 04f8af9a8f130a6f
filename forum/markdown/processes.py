"""A worker process, seen from the server: started, asked, killed."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Mapping

import orjson

from forum.markdown.files import Files
from forum.markdown.frames import LENGTH

START_SECONDS = 10.0


class Worker:
    """One process that cooks, one text at a time, at the other end of a pair of sockets."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process, self._reader, self._writer = process, reader, writer

    @classmethod
    async def start(cls) -> "Worker":
        """Start a process and wait until it is ready (about a tenth of a second).

        Raises:
            OSError, EOFError: it does not start.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = _launch(theirs)
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._receive()
        except BaseException:
            worker.kill()
            await worker.bury()
            raise
        return worker

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    async def cook(self, raw: str, known: Mapping[str, str], files: Files) -> str | None:
        """The cooked text; None when it would be too big.

        Raises:
            EOFError, ConnectionError: the process has died.
        """
        body = orjson.dumps([raw, dict(known), dict(files)])
        self._writer.write(LENGTH.pack(len(body)) + body)
        await self._writer.drain()
        html: str | None = orjson.loads(await self._receive())
        return html

    async def _receive(self) -> bytes:
        (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        return await self._reader.readexactly(length)

    def kill(self) -> None:
        """End the process, whatever it does; `bury` must follow."""
        self._process.kill()

    async def bury(self) -> None:
        """Wait for the end of a killed process, without holding the loop."""
        with contextlib.suppress(ConnectionError):
            while await self._reader.read(65_536):
                pass
        # The socket closes after the memory is given back: nothing is left to wait for.
        self._process.wait()
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def _launch(link: socket.socket) -> subprocess.Popen[bytes]:
    """A process with one socket and nothing else of ours: no secret of the environment, no terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "forum.markdown.worker"],
        stdin=link.fileno(),
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )

"""A Redis of our own, that can be stopped, emptied and frozen."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis as Client

from bench.faults.processes import end_with_parent, free_port, put_an_end
from bench.faults.waiting import until
from tests.servers.keeper import listens
from tests.servers.redis import find_redis

START_SECONDS = 30.0


class Redis:
    """A server on a port of its own, that keeps nothing."""

    def __init__(self, program: str) -> None:
        self._program, self.port = program, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it listens."""
        options = ("--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no")
        self.process = await asyncio.create_subprocess_exec(
            self._program, *options, stdout=asyncio.subprocess.DEVNULL, preexec_fn=end_with_parent
        )
        await until(lambda: listens(self.port), START_SECONDS, "Redis's start")

    async def stop(self) -> None:
        """Kill it."""
        await put_an_end(self.process)

    async def flush(self) -> None:
        """Empty it."""
        async with Client.from_url(self.url) as client:
            await client.flushall()

    def freeze(self) -> None:
        """It accepts connections, and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)


@asynccontextmanager
async def own_redis() -> AsyncIterator[Redis]:
    """A new one, running; nothing is left of it."""
    program = find_redis()
    assert program, "Redis is not installed: python -m tests.servers"
    server = Redis(program)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()

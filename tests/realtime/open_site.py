"""The open example, served for tests: here by either shell, or by two processes that share a database."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from httpx2 import AsyncClient, Response

from realtime.examples.open import API_KEY, open_server
from realtime.hub import Hub
from realtime.policies import Limits
from tests.servers.site import served

PATIENCE = 30


@dataclass
class OpenSite:
    """A running example.

    Attributes:
        first, second: its address (http://…), twice the same unless there are two workers.
        hub: its hub, when it runs in this process.
        talk, small: two channels of this test's own; the second keeps two publications.
    """

    first: str
    second: str
    hub: Hub | None = None
    talk: str = "talk"
    small: str = "smallhistory:talk"

    async def publish(self, channel: str, data: Any, key: str = API_KEY) -> Response:
        """Publish as a program does, at the second address."""
        async with AsyncClient(base_url=self.second, timeout=PATIENCE) as program:
            wish = {"channel": channel, "data": data}
            return await program.post("/api/publish", json=wish, headers={"X-API-Key": key})


def live(address: str) -> str:
    """Where sockets are opened."""
    return address.replace("http", "ws") + "/connection/websocket"


@asynccontextmanager
async def here(url: str, *, below_asgi: bool = True, limits: Limits | None = None) -> AsyncIterator[OpenSite]:
    """Served in the loop of the test."""
    app = open_server(url, limits=limits)
    async with served(app, app.state.hub, below_asgi=below_asgi) as address:
        yield OpenSite(address, address, app.state.hub)


@asynccontextmanager
async def two_workers(url: str, redis_url: str) -> AsyncIterator[OpenSite]:
    """Served by two processes, each at its own address, so that a test chooses who is where."""
    async with AsyncExitStack() as processes:
        command = ("realtime.examples.open", "--port", "0", "--database", url, "--redis", redis_url)
        first, second = [await processes.enter_async_context(a_process(*command)) for _n in range(2)]
        yield OpenSite(first.address, second.address)


@dataclass
class Running:
    """A process that serves."""

    address: str
    pid: int


@asynccontextmanager
async def a_process(module: str, *options: str) -> AsyncIterator[Running]:
    """One process of the example (or of a module like it), as it is started by hand; it may not stumble."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *options,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            line = (await process.stdout.readline()).decode()
            assert "http://" in line, line + (await process.stdout.read()).decode()
            while "startup complete" not in (await process.stdout.readline()).decode():
                pass
        words = asyncio.create_task(process.stdout.read())
        yield Running(line[line.index("http://") :].strip(), process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
    said = (await words).decode()
    assert not any(word in said for word in ("Traceback", "ERROR", "exception")), said[-5000:]

"""The servers that are measured: Relais, and bare ones that answer or push the same bytes."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")

BARE = """
import sys
from pathlib import Path
import uvicorn
from realtime.server import config, listening_socket
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
body = Path(sys.argv[1]).read_bytes()
sockets = set()
async def page(request):
    return HTMLResponse(body)
async def push(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    sockets.add(send)
    while (await receive())["type"] != "websocket.disconnect":
        pass
async def broadcast(request):
    text = body.decode()
    for send in list(sockets):
        step = send({"type": "websocket.send", "text": text})
        try:
            step.send(None)
        except StopIteration:
            pass
    return HTMLResponse("")
web = Starlette(routes=[Route("/page", page), Route("/broadcast", broadcast, methods=["POST"])])
async def app(scope, receive, send):
    await (push if scope["type"] == "websocket" else web)(scope, receive, send)
listener = listening_socket("127.0.0.1", 0)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True)
uvicorn.Server(config(app, log_config=None)).run(sockets=[listener])
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    address: str
    pid: int

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rsplit(":", 1)[1])

    def cpu_seconds(self) -> float:
        """What it has spent since its start, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident_kb(self) -> int:
        """Its memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


@asynccontextmanager
async def relais(data: str, *, one_core: bool = False) -> AsyncIterator[Server]:
    """Relais on a data folder.

    Args:
        one_core: the server and all that it starts on the first core, whoever measures on the others.
    """
    environment = {**os.environ, "RELAIS_DATA": data, "RELAIS_LOG": "error"}
    command = [sys.executable, "-m", "forum", "serve", "--port", "0"]
    async with _running(command, environment, one_core) as server:
        yield server


@asynccontextmanager
async def bare(body: bytes, folder: str, *, one_core: bool = False) -> AsyncIterator[Server]:
    """A Starlette that answers these bytes, or pushes them to every socket."""
    path = Path(folder) / "body"
    path.write_bytes(body)
    async with _running([sys.executable, "-c", BARE, str(path)], dict(os.environ), one_core) as server:
        yield server


@asynccontextmanager
async def _running(command: list[str], environment: dict[str, str], one_core: bool) -> AsyncIterator[Server]:
    with _cores(one_core):
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stderr=asyncio.subprocess.PIPE
        )
    assert process.stderr is not None
    line = ""
    while "http://" not in line:
        line = (await process.stderr.readline()).decode()
        assert line, "the server did not start"
    drain = asyncio.create_task(process.stderr.read())
    try:
        yield Server(line[line.index("http://") :].strip(), process.pid)
    finally:
        process.kill()
        await process.wait()
        await drain


@contextmanager
def _cores(one: bool) -> Iterator[None]:
    """What is started meanwhile runs on the first core, or on all; who measures keeps to the others."""
    every = set(range(os.cpu_count() or 1))
    os.sched_setaffinity(0, {0} if one else every)
    try:
        yield
    finally:
        os.sched_setaffinity(0, (every - {0} or every) if one else every)

"""A running Relais: our application behind our server, on a free port, in the loop of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from forum.app import Relais
from realtime.hub import Hub
from realtime.server import LiveServer, config, listening_socket


@asynccontextmanager
async def running_site(app: Relais, port: int = 0) -> AsyncIterator[str]:
    """Serve `app` for real, at a free port unless told which; give its address.

    Raises what its start raises.
    """
    async with served(app, app.hub, port=port) as address:
        yield address


@asynccontextmanager
async def served(app: Any, hub: Hub, *, below_asgi: bool = True, port: int = 0) -> AsyncIterator[str]:
    """Serve an application; its sockets are the hub's, below ASGI or by the application's own route."""
    listener = listening_socket("127.0.0.1", port)
    server = LiveServer(config(app, hub if below_asgi else None, log_config=None), hub, spread=0)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _started(server, serving)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def _started(server: LiveServer, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise RuntimeError("the site did not start")
        await asyncio.sleep(0.001)

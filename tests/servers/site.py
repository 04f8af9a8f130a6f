"""A running Relais: our application behind our server, on a free port, in the loop of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from forum.app import Relais
from realtime.server import LiveServer, config, listening_socket


@asynccontextmanager
async def running_site(app: Relais) -> AsyncIterator[str]:
    """Serve `app` for real; give its address. Raises what its start raises."""
    listener = listening_socket("127.0.0.1", 0)
    server = LiveServer(config(app, app.hub, log_config=None), app.hub, spread=0)
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

"""An open server, made through the public policies alone: any channel, and whoever hears one may also speak.

    python -m realtime.examples.open --port 8000

It shows that the library stands without a forum, and lets the suites of the official Centrifuge SDKs run
against it. Its secrets are in this file: not for a site that people rely on.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from tortoise.exceptions import OperationalError

from realtime.brokers import Broker
from realtime.brokers.redis import RedisBroker
from realtime.database import close_database, open_database
from realtime.endpoint import LiveEndpoint
from realtime.examples import tokens
from realtime.hub import Hub
from realtime.migrating import migrate
from realtime.place import at_home
from realtime.policies import Handshake, Identity, Limits, MayHear, Namespace, Policies
from realtime.protocol import codes
from realtime.protocol.codes import Disconnect, ErrorReply
from realtime.protocol.messages import read_channel
from realtime.publishing import publish
from realtime.retention import rules_of, trim
from realtime.server import LiveServer, config, listening_socket
from realtime.socket import PATH

SECRET = "secret"  # noqa: S105
API_KEY = "test-api-key"
MAX_BODY = 64 * 1024
TRIM_SECONDS = 10


async def authenticate(handshake: Handshake, token: str, data: Any) -> Identity:
    """Whoever the token says; a visitor without one."""
    claims = tokens.read(token, SECRET) if token else {}
    if claims is None:
        raise Disconnect(*codes.INVALID_TOKEN)
    user = str(claims.get("sub", ""))
    expires_in = float(claims["exp"]) - time.time() if "exp" in claims else None
    return Identity(user, channels=(f"#{user}",) if user else (), expires_in=expires_in)


async def audience(channel: str) -> MayHear:
    """Everybody hears everything, but for the personal channels (`#42`)."""
    owner = channel.removeprefix("#")
    return lambda identity: owner == channel or (identity.user != "" and identity.user == owner)


async def holds(identity: Identity, channel: str, token: str) -> bool:
    """A subscription token is good for the user and the channel that it names."""
    claims = tokens.read(token, SECRET) or {}
    return (str(claims.get("sub", "")), claims.get("channel")) == (identity.user, channel)


def kept(entries: int) -> Namespace:
    """Channels that keep so many publications."""
    return Namespace(
        audience, presence=True, join_leave=True, publish=True, token_holds=holds,
        max_events=entries, max_age=timedelta(seconds=300),
    )  # fmt: skip


async def publish_by_http(request: Request) -> JSONResponse:
    """`POST /api/publish {"channel", "data"}`, for programs that hold the key."""
    if request.headers.get("x-api-key") != API_KEY:
        return JSONResponse({"error": {"code": 101, "message": "unauthorized"}}, 401)
    try:
        wish = orjson.loads(await request.body())
        channel = read_channel(wish)
        if request.app.state.hub.policies.namespace(channel) is None:
            raise ErrorReply(*codes.BAD_REQUEST)
        position = await publish(channel, wish["data"])
    except (ErrorReply, ValueError, KeyError, TypeError, AttributeError):
        return JSONResponse({"error": {"code": 107, "message": "bad request"}}, 400)
    return JSONResponse({"result": {"offset": position.offset, "epoch": position.epoch}})


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[Hub]:
    """A hub, started and stopped."""
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def trim_forever(policies: Policies) -> None:
    """Drop what the policies do not keep, every ten seconds."""
    while True:
        await asyncio.sleep(TRIM_SECONDS)
        with suppress(OperationalError):
            await trim(datetime.now(UTC), rules_of(policies.namespaces))


def open_server(database_url: str, broker: Broker | None = None, limits: Limits | None = None) -> Starlette:
    """The application; its hub is `app.state.hub`.

    Args:
        database_url: a migrated database for the log.
        broker: the way to other servers of this kind on the same database.
    """
    namespaces = {"": kept(100), "smallhistory": kept(2)}
    policies = Policies(authenticate, namespaces, any_origin=True, limits=limits or Limits())
    hub = Hub(policies, broker)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await open_database(database_url, {})
        try:
            async with at_home(), running(hub):
                hub.spawn(trim_forever(policies))
                yield
        finally:
            await close_database()

    routes = [
        Route("/api/publish", publish_by_http, methods=["POST"]),
        # Used where another server than ours runs the application (`uvicorn --factory …`).
        WebSocketRoute(PATH, LiveEndpoint(hub)),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, max_body_size=MAX_BODY)
    app.state.hub = hub
    return app


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve the application, sockets below ASGI, until told to stop."""
    listener = listening_socket(host, port)
    print(f"Listening at http://{host}:{listener.getsockname()[1]}", flush=True)
    LiveServer(config(app, app.state.hub), app.state.hub).run(sockets=[listener])


def main() -> None:
    """Serve; the log is gone afterwards, unless a database is named."""
    parser = argparse.ArgumentParser(prog="python -m realtime.examples.open", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--database", help="a database URL for the log, instead of a temporary SQLite")
    parser.add_argument("--redis", help="the Redis URL where several of these servers meet")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="realtime-open-") as folder:
        url = wishes.database or f"sqlite://{Path(folder) / 'log.sqlite3'}"
        asyncio.run(migrate(url, {}))
        app = open_server(url, RedisBroker(wishes.redis) if wishes.redis else None)
        serve(app, wishes.host, wishes.port)


if __name__ == "__main__":
    main()

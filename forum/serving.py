"""`relais serve`: the process, or the processes."""

import asyncio
import socket
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from forum import jobs
from forum.app import create_app
from forum.config import Config, ConfigurationError
from forum.database import close_database, migrate, open_database, pending_migrations
from forum.demo.accounts import has_members, logins
from forum.installation.queries import first_link, has_administrator
from forum.logs import set_up_logs
from realtime.server import LiveServer, allow_many_files, listening_socket, look_for_garbage_seldom
from realtime.server import config as server_config
from realtime.workers import Workers, WorkerServer


def serve_site(config: Config, host: str, port: int, workers: int, *, first_run: bool) -> None:
    """Serve until told to stop.

    Args:
        workers: how many processes; several share the work through PostgreSQL and Redis.
        first_run: make the database and the demonstration when there is none.

    Raises:
        ConfigurationError: several workers without what they share, or a database of another version.
        ChildProcessError: a worker cannot start.
    """
    _check_workers(config, workers)
    set_up_logs(config.log)
    config.data.mkdir(parents=True, exist_ok=True)
    looked_after = asyncio.run(_prepare(config, first_run))
    listener = listening_socket(host, port)
    address = f"http://{host}:{listener.getsockname()[1]}"
    click.echo(f"Relais answers at {address}", err=True)
    if not looked_after:
        click.echo(
            f"Nobody looks after it yet. Become its administrator: {first_link(config, address)}", err=True
        )
    if workers > 1:
        Workers([sys.executable, "-P", "-m", "forum", "serve"], listener, workers).run()
    else:
        allow_many_files()
        look_for_garbage_seldom()
        app = create_app(config)
        LiveServer(server_config(app, app.hub, log_config=None), app.hub).run(sockets=[listener])


def serve_as_worker(config: Config, listener: int, line: int) -> None:
    """One of several processes: the parent hands the listening socket and the line to itself.

    Args:
        listener, line: their file descriptors.
    """
    set_up_logs(config.log)
    allow_many_files()
    look_for_garbage_seldom()
    app = create_app(config)
    settings = server_config(app, app.hub, log_config=None)
    server = WorkerServer(settings, app.hub, line=socket.socket(fileno=line))
    server.run(sockets=[socket.socket(fileno=listener)])


def _check_workers(config: Config, workers: int) -> None:
    if workers < 1:
        raise ConfigurationError("--workers takes a number from 1 on")
    if workers > 1 and config.database_url.startswith("sqlite"):
        raise ConfigurationError(
            "several workers need PostgreSQL: set RELAIS_DATABASE_URL, or serve with --workers 1"
        )
    if workers > 1 and config.redis_url is None:
        raise ConfigurationError(
            "several workers need Redis: set RELAIS_REDIS_URL, or serve with --workers 1"
        )


async def _prepare(config: Config, first_run: bool) -> bool:
    """A database of this version; at a first run, filled. Whether it has an administrator."""
    url = config.database_url
    if first_run and _is_new(url):
        await migrate(url)
    await open_database(url)
    try:
        if await pending_migrations(url):
            if not first_run:
                raise ConfigurationError("the database is not of this version: run `relais migrate`")
            await close_database()
            await migrate(url)
            await open_database(url)
        await jobs.schedule()
        if first_run:
            await _show_demo()
        return await has_administrator()
    finally:
        await close_database()


def _is_new(url: str) -> bool:
    """Whether an SQLite file has yet to be made: only `migrate` makes one safely beside another process."""
    return url.startswith("sqlite") and not Path(unquote(urlsplit(url).path)).exists()


async def _show_demo() -> None:
    if not await has_members():
        from forum.demo.load import load_demo

        await load_demo()
    click.echo(await logins(), err=True)

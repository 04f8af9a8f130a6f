"""`relais serve`: the process, or the processes."""

import asyncio

import click

from forum.app import create_app
from forum.config import Config, ConfigurationError
from forum.database import close_database, migrate, open_database, pending_migrations
from forum.logs import set_up_logs
from realtime.server import LiveServer, allow_many_files, listening_socket
from realtime.server import config as server_config


def serve_site(config: Config, host: str, port: int, workers: int, *, first_run: bool) -> None:
    """Serve until told to stop.

    Args:
        first_run: make the database and the demonstration when there is none.

    Raises:
        ConfigurationError: several workers on SQLite, or a database of another version.
    """
    if workers > 1:
        raise ConfigurationError(_several_workers(config))
    set_up_logs(config.log)
    allow_many_files()
    config.data.mkdir(parents=True, exist_ok=True)
    asyncio.run(_prepare(config, first_run))
    listener = listening_socket(host, port)
    click.echo(f"Relais answers at http://{host}:{listener.getsockname()[1]}", err=True)
    app = create_app(config)
    server = LiveServer(server_config(app, log_config=None), app.hub)
    server.run(sockets=[listener])


def _several_workers(config: Config) -> str:
    if config.database_url.startswith("sqlite"):
        return "several workers need PostgreSQL: set RELAIS_DATABASE_URL, or serve with --workers 1"
    return "several workers are not served yet: serve with --workers 1"


async def _prepare(config: Config, first_run: bool) -> None:
    """A database of this version; at a first run, filled."""
    if first_run:
        await migrate(config.database_url)
    await open_database(config.database_url)
    try:
        if await pending_migrations(config.database_url):
            raise ConfigurationError("the database is not of this version: run `relais migrate`")
        if first_run:
            await _show_demo()
    finally:
        await close_database()


async def _show_demo() -> None:
    from forum.demo.load import load_demo, logins

    await load_demo()
    click.echo(await logins(), err=True)

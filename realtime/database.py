"""Opening and migrating the database, with the engines that a server needs.

A host hands its own Tortoise apps; the log's tables come with them, on the same connection, and so in
the same transactions.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import connections
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_generator.state import State
from tortoise.transactions import in_transaction

from realtime import place
from realtime.sql import CONNECTION, sql

APPS: dict[str, dict[str, Any]] = {
    "realtime": {"models": ["realtime.models"], "migrations": "realtime.migrations"}
}
MIGRATION_LOCK = 7_302_571
POOL_SIZE = 10
# As on SQLite (its busy timeout): who waits longer for a lock is told to come back.
LOCK_TIMEOUT = "5s"

_context: TortoiseContext | None = None


def tortoise_config(url: str, apps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Tortoise's configuration for a database URL.

    Args:
        url: `sqlite:///absolute/path` or `postgres://user:password@host:port/name?maxsize=20`.
        apps: the host's Tortoise apps: label → {"models": […], "migrations": "package"}.
    """
    return {
        "connections": {CONNECTION: _connection(url)},
        "apps": {label: {**app, "default_connection": CONNECTION} for label, app in {**APPS, **apps}.items()},
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "sqlite":
        credentials = {"file_path": unquote(parts.path), **options}
        return {"engine": "realtime.engines.sqlite", "credentials": credentials}
    credentials = {
        "host": options.pop("host", None) or parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": int(options.pop("maxsize", POOL_SIZE)),
        "server_settings": {"lock_timeout": LOCK_TIMEOUT},
        **options,
    }
    return {"engine": "realtime.engines.asyncpg", "credentials": credentials}


async def open_database(url: str, apps: Mapping[str, Mapping[str, Any]]) -> TortoiseContext:
    """Open the process's database: connected at once, so that a fault shows at start.

    Raises:
        DBConnectionError, OperationalError, OSError: it does not answer.
    """
    global _context
    _context = await Tortoise.init(config=tortoise_config(url, apps), _enable_global_fallback=True)
    try:
        await sql("SELECT 1")
    except BaseException:
        await close_database()
        raise
    return _context


async def close_database() -> None:
    """Close every connection of the open database."""
    global _context
    context, _context = _context, None
    if context is not None:
        await context.close_connections()
    # Tortoise keeps the text of its INSERTs by table, whatever the dialect of the next database.
    EXECUTOR_CACHE.clear()


async def leave_no_trace() -> bool:
    """Let nothing of what was deleted stay in the database's files; False if readers were in the way.

    SQLite writes the whole file anew (it needs as much room beside it, and writers wait meanwhile) and
    empties its log. PostgreSQL does it in time, or at once by VACUUM FULL: nothing is done here.
    """
    client: Any = connections.get(CONNECTION)
    done: bool = await client.leave_no_trace()
    return done


async def migrate(url: str, apps: Mapping[str, Mapping[str, Any]]) -> None:
    """Run the migrations that are missing; several processes at once wait for each other.

    Table remakes must not fire the cascades of foreign keys: on SQLite they are off meanwhile.
    """
    target = (
        url if url.startswith("postgres") else f"{url}{'&' if '?' in url else '?'}foreign_keys=OFF&readers=0"
    )
    config = tortoise_config(target, apps)
    async with _alone(url):
        # Opened under the lock: a new SQLite file turned to WAL by two processes at once refuses one.
        await open_database(target, apps)
        try:
            if await pending_migrations(target, apps):
                await _run_all(config)
            await place.settle()
        finally:
            await close_database()


async def _run_all(config: dict[str, Any]) -> None:
    """One after the other; to put the models of them all together takes a tenth of a second."""
    first = _executor(config)
    # Makes the table where migrations are noted, and nothing else.
    await first.migrate([])
    done: _Executor | None = first
    while done is not None:
        done = await _run_next(config, done)


async def _run_next(config: dict[str, Any], before: "_Executor") -> "_Executor | None":
    """Run one migration and note it, in one transaction: killed between the two it could not be run again."""
    async with in_transaction(CONNECTION):
        executor = _executor(config)
        executor.models, executor.recorder = before.models, _Notes(executor.connection)
        plan = await executor.plan()
        if plan:
            step = plan[0].migration
            await executor.migrate([MigrationTarget(step.app_label, step.name)])
    return executor if plan else None


class _Executor(MigrationExecutor):
    """Goes on from the models as the migration before has left them: to make them anew takes as long as all
    migrations before."""

    models: State | None = None

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        self.models = self.models or await super()._project_state(applied, upto=upto)
        return self.models


class _Notes(MigrationRecorder):
    """The table is there; SQLite would end the transaction to make it again."""

    async def ensure_schema(self, schema_editor: Any) -> None:
        pass


async def pending_migrations(url: str, apps: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of the migrations that the open database has not had."""
    steps = await _executor(tortoise_config(url, apps)).plan()
    return [f"{step.migration.app_label}.{step.migration.name}" for step in steps]


def _executor(config: dict[str, Any]) -> _Executor:
    return _Executor(connections.get(CONNECTION), config["apps"])


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """One migration at a time: an advisory lock on PostgreSQL, a locked file beside SQLite's."""
    if url.startswith("postgres"):
        async with _advisory_lock(url):
            yield
        return
    path = Path(unquote(urlsplit(url).path) + ".migrating")
    file = await asyncio.to_thread(path.open, "w")
    try:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
    finally:
        file.close()


@asynccontextmanager
async def _advisory_lock(url: str) -> AsyncIterator[None]:
    import asyncpg

    connection = await asyncpg.connect(_plain(url))
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        yield
    finally:
        await connection.close()


def _plain(url: str) -> str:
    """The URL without what only our pool understands."""
    parts = urlsplit(url)
    kept = "&".join(part for part in parts.query.split("&") if part and not part.startswith("maxsize="))
    return parts._replace(query=kept).geturl()

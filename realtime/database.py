"""Opening the database, with the engines that a server needs.

A host hands its own Tortoise apps; the log's tables come with them, on the same connection, and so in
the same transactions.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import connections
from tortoise.context import TortoiseContext

from realtime.sql import CONNECTION, sql

APPS: dict[str, dict[str, Any]] = {
    "realtime": {"models": ["realtime.models"], "migrations": "realtime.migrations"}
}
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

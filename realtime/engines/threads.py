"""SQLite's connections: each has a thread, which must not outlive a program that crashed."""

import asyncio
import contextlib
import sqlite3
from typing import Any

import aiosqlite
from tortoise.backends.sqlite.client import SqliteClient

AGAIN_SECONDS = 0.05


async def connected(database: str, **options: Any) -> aiosqlite.Connection:
    """Open a connection whose thread ends with the program; rows can be asked by name."""
    connection = aiosqlite.connect(database, isolation_level=None, **options)
    connection._thread.daemon = True
    await connection
    connection._conn.row_factory = sqlite3.Row
    return connection


async def stop_reading(reader: aiosqlite.Connection) -> None:
    """Return when a connection has stopped what it was doing, and can be used for something else."""
    thread: Any = reader
    free = asyncio.ensure_future(thread._execute(bool))
    while not free.done():
        # It may not have begun yet, or be closed already.
        with contextlib.suppress(ValueError, sqlite3.ProgrammingError):
            await reader.interrupt()
        await asyncio.wait([free], timeout=AGAIN_SECONDS)


class OpenedClient(SqliteClient):
    """Tortoise's client, opened so."""

    async def create_connection(self, with_db: bool) -> None:
        """Open the connection, if it is not."""
        if self._connection is None:
            self._connection = await connected(self.filename)
            for name, value in self.pragmas.items():
                await self._connection.execute_fetchall(f"PRAGMA {name}={value}")
            await self._post_connect()

"""SQLite for a server: one writer, a few read-only connections, transactions that survive cancellation.

What Tortoise's own client lacks, and why it matters here:

- `BEGIN IMMEDIATE`: a deferred transaction that reads first and writes later fails at once
  ("database is locked", whatever the busy timeout) when another process has written in between.
- A task cancelled while it enters or leaves a transaction must give the writer's lock back.
- Reads outside a transaction must not wait for the writer.
- A task started inside a transaction must not write through it once it is over.
- A journey to a connection's thread costs many times what a small statement costs there (`at_once.py`,
  `brief.py`), and a commit waits for the disk (`together.py`).

The path of this module holds "sqlite": Tortoise's migrations choose their dialect by that.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import copy_context
from time import monotonic
from typing import Any

import aiosqlite
from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from realtime.engines.at_once import NeedsTheWriter, Result, Within, Work, read_in_snapshot
from realtime.engines.brief import BriefReader
from realtime.engines.patience import BUSY_TIMEOUT_MS, begin
from realtime.engines.safety import OneTask, uncancelled
from realtime.engines.threads import OpenedClient, connected, stop_reading
from realtime.engines.together import WriterQueue

READERS = 3
READS = ("SELECT", "WITH", "PRAGMA", "EXPLAIN")


class ServerSqliteClient(OpenedClient):
    """The writer's connection, and the readers beside it."""

    def __init__(self, file_path: str, readers: int = READERS, **pragmas: Any) -> None:
        pragmas.setdefault("synchronous", "FULL")
        pragmas.setdefault("busy_timeout", BUSY_TIMEOUT_MS)
        super().__init__(file_path, **pragmas)
        self.patience_ms = int(pragmas["busy_timeout"])
        self._reader_count = 0 if file_path == ":memory:" else int(readers)
        self._readers: list[aiosqlite.Connection] = []
        self._idle: list[aiosqlite.Connection] = []
        self._free = asyncio.Semaphore(self._reader_count)
        self._opening = asyncio.Lock()
        self._changes = WriterQueue(self)
        self._brief = BriefReader(self)

    async def create_connection(self, with_db: bool) -> None:
        """Open the writer, then the readers; once, whoever asks first."""
        async with self._opening:
            if self._connection is not None:
                return
            await super().create_connection(with_db)
            for _n in range(self._reader_count):
                self._readers.append(await self._open_reader())
            if self._reader_count:
                self._brief.open(self.filename)

    async def _open_reader(self) -> aiosqlite.Connection:
        reader = await connected(f"file:{self.filename}?mode=ro", uri=True, cached_statements=256)
        for pragma in ("query_only=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            await reader.execute_fetchall(f"PRAGMA {pragma}")
        self._idle.append(reader)
        return reader

    async def close(self) -> None:
        """Close every connection, once every change that waits has had its turn."""
        await self._changes.finish()
        self._brief.close()
        readers, self._readers = self._readers, []
        for reader in readers:
            await reader.close()
        await super().close()
        self._free = asyncio.Semaphore(self._reader_count)
        self._idle.clear()

    def _in_transaction(self) -> TransactionContext:
        return _WriterTransactionContext(_WriterTransaction(self), self._lock)

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[aiosqlite.Connection]:
        """A reader, the longest waiting task first."""
        if self._connection is None:
            await self.create_connection(with_db=True)
        await self._free.acquire()
        reader = self._idle.pop()
        try:
            yield reader
        except asyncio.CancelledError:
            # Its thread reads on: whoever had it next would wait for what nobody wants any more.
            stopped = asyncio.ensure_future(stop_reading(reader))
            stopped.add_done_callback(lambda _stopped: self._give_back(reader))
            raise
        except BaseException:
            self._give_back(reader)
            raise
        self._give_back(reader)

    def _give_back(self, reader: aiosqlite.Connection) -> None:
        if reader in self._readers:
            self._idle.append(reader)
            self._free.release()

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Many rows, in a transaction of their own."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        """Rows of a read come from a reader; all else goes to the writer."""
        if self._reader_count and _reads(query):
            rows = await self._read(query, values)
            return len(rows), rows
        result: tuple[int, Sequence[Any]] = await super().execute_query(query, values)
        return result

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """The same, as dicts."""
        if self._reader_count and _reads(query):
            return list(map(dict, await self._read(query, values)))
        result: list[dict[str, Any]] = await super().execute_query_dict(query, values)
        return result

    async def read_at_once(self, read: Work[Result], brief: bool = False) -> Result:
        """Run `read` in one snapshot: a brief one here, another in a reader's thread, by one hop for all.

        One that opens a transaction after all is run again the ordinary way.
        """
        if not self._reader_count:
            return await read()
        try:
            if brief and self._brief.ready:
                with contextlib.suppress(OperationalError):
                    return self._brief.read(read)
            async with self._reader() as reader:
                thread: Any = reader
                arguments = (self, reader._conn, copy_context(), read)
                result: Result = await thread._execute(read_in_snapshot, *arguments)
                return result
        except NeedsTheWriter:
            return await read()

    def moment(self) -> object:
        """Equal to the one before if nothing has been committed between."""
        return self._brief.moment()

    async def write_at_once(self, work: Work[Result]) -> Result:
        """Run `work` in the writer's thread, in a transaction; its result, once it is on the disk."""
        return await self._changes.run(work)

    async def leave_no_trace(self) -> bool:
        """Write the file anew without what was deleted, empty the log; False if a reader is in the way."""
        await super().execute_query("VACUUM")
        _count, rows = await super().execute_query("PRAGMA wal_checkpoint(TRUNCATE)")
        return not rows[0]["busy"]

    async def _read(self, query: str, values: list[Any] | None) -> list[sqlite3.Row]:
        async with self._reader() as reader:
            try:
                return list(await reader.execute_fetchall(query, values or []))
            except sqlite3.OperationalError as error:
                raise OperationalError(error) from error
            except sqlite3.IntegrityError as error:
                raise IntegrityError(error) from error


def _reads(query: str) -> bool:
    return query.lstrip()[:7].rstrip().upper().startswith(READS) and "RETURNING" not in query


class _WriterTransaction(Within, OneTask, SqliteTransactionWrapper):
    """A transaction; nobody may use it once it is over, nor from a task started inside it."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.asked_at, self.patience_ms = monotonic(), connection.patience_ms
        self.belong_to_this_task()

    def _in_transaction(self) -> TransactionContext:
        return self.nested(_WriterTransaction(self))

    async def begin(self) -> None:
        """Take SQLite's write lock at once."""
        try:
            connection: Any = self._connection
            await connection._execute(begin, connection._conn, self.asked_at, self.patience_ms)
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def commit(self) -> None:
        """Commit; if the disk refuses, roll back and say so."""
        try:
            await super().commit()
        except sqlite3.Error as error:
            await self._connection.rollback()
            self._finalized = True
            raise OperationalError(error) from error


class _WriterTransactionContext(SqliteTransactionContext):
    """Enter and leave without ever losing the lock, whenever the task is cancelled."""

    async def __aenter__(self) -> Any:
        self.connection.belong_to_this_task()
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await uncancelled(self.connection.begin(), undo=self._undo)
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error, OperationalError):
            await self.connection.rollback()

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.connection._finalized:
                end = self.connection.rollback() if exc_type else self.connection.commit()
                await uncancelled(end)
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()


client_class = ServerSqliteClient

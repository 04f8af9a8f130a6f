"""Several statements in one hop: a function that waits for its connection only, run in SQLite's own thread.

aiosqlite gives each connection a thread. A statement that the event loop sends there costs a trip and back,
many times what SQLite itself needs. Here the trip is made once for all of them: the coroutine is driven to
its end inside the thread, on a connection whose methods have nothing to wait for. There is no event loop in
there: `sql` works, Tortoise's models do not (to save one, it gathers its signals).
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Any, TypeVar

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from realtime.engines.safety import Savepoint

Result = TypeVar("Result")
Work = Callable[[], Awaitable[Result]]
OVER = "what was run at once is over"


class Within:
    """For a client that is in a transaction already: reads and changes are a part of it."""

    async def read_at_once(self, read: Work[Result], brief: bool = False) -> Result:
        """Run `read`: what it sees is the transaction's."""
        return await read()

    def moment(self) -> object:
        """Its own changes count as well: never twice the same."""
        return object()

    async def write_at_once(self, work: Work[Result]) -> Result:
        """Run `work` behind a savepoint; it is on the disk when the transaction is."""
        async with self._in_transaction():  # type: ignore[attr-defined]
            return await work()


class HereAndNow:
    """What statements and savepoints ask of an aiosqlite connection, done in the thread that calls."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.raw = connection

    @property
    def total_changes(self) -> int:
        """Rows changed since the connection was opened."""
        return self.raw.total_changes

    async def execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.raw.execute(query, values)

    async def execute_fetchall(self, query: str, values: Sequence[Any] | None = None) -> list[sqlite3.Row]:
        """Run one statement; its rows."""
        return self.raw.execute(query, values or ()).fetchall()


class NeedsTheWriter(TransactionManagementError):
    """What was meant to read opens a transaction."""


class StatementsAtOnce(Within, SqliteTransactionWrapper):
    """Tortoise's client for the code that runs inside the thread, until its end."""

    _connection: Any

    def __init__(self, parent: SqliteClient, connection: HereAndNow, writes: bool) -> None:
        super().__init__(parent)
        self._connection = connection
        self._writes = writes

    def acquire_connection(self) -> Any:
        """The connection.

        Raises:
            TransactionManagementError: what was run at once is over.
        """
        if self._finalized:
            raise TransactionManagementError(OVER)
        return super().acquire_connection()

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Rows as dicts, by the shortest way: a page is made of such calls."""
        if self._finalized:
            raise TransactionManagementError(OVER)
        try:
            rows = self._connection.raw.execute(query, values or ()).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error
        # SQLite's own `dict(row)` looks each column up by its name.
        names = rows[0].keys() if rows else ()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _in_transaction(self) -> TransactionContext:
        if not self._writes:
            raise NeedsTheWriter("a reader's connection opens no transaction")
        return Savepoint(StatementsAtOnce(self, self._connection, self._writes))


def run_at_once(
    client: SqliteClient,
    connection: sqlite3.Connection,
    context: Context,
    work: Work[Result],
    *,
    writes: bool,
) -> Result:
    """Run `work` to its end in this thread; `sql` and models in it use this connection.

    Args:
        context: a copy of the caller's (its language, its facts).
        writes: whether this is the writer's connection, in a transaction.

    Raises:
        RuntimeError: it waited for something else than its connection.
        NeedsTheWriter: it opened a transaction on a reader's connection.
    """
    return context.run(_run, StatementsAtOnce(client, HereAndNow(connection), writes), work)


def read_in_snapshot(
    client: SqliteClient, connection: sqlite3.Connection, context: Context, read: Work[Result]
) -> Result:
    """Run `read` to its end in this thread: all that it asks is of one moment.

    Raises:
        OperationalError: the database refuses. Or what `run_at_once` raises.
    """
    return read_by(StatementsAtOnce(client, HereAndNow(connection), writes=False), context, read)


def read_by(statements: StatementsAtOnce, context: Context, read: Work[Result]) -> Result:
    """The same, by a client that the thread keeps for its reads, one after the other."""
    connection: sqlite3.Connection = statements._connection.raw
    try:
        connection.execute("BEGIN")
        try:
            return context.run(_run, statements, read)
        finally:
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise translated(error) from error


def _run(client: StatementsAtOnce, work: Work[Result]) -> Result:
    get_connections().set(client.connection_name, client)
    client._finalized = False
    try:
        return _drive(work)
    finally:
        client._finalized = True


def _drive(work: Work[Result]) -> Result:
    steps = work().__await__()
    try:
        next(steps)
    except StopIteration as end:
        result: Result = end.value
        return result
    steps.close()
    raise RuntimeError("what is run at once may wait for the database only")


def translated(error: sqlite3.Error) -> Exception:
    """SQLite's error as Tortoise names it."""
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(error)
    return OperationalError(error) if isinstance(error, sqlite3.OperationalError) else error

"""Changes that wait for SQLite's one writer go to the disk together: one commit, and so one wait for it.

Each change stays whole or leaves nothing, and nobody is told that a change is done before it is on the disk.
"""

import asyncio
import sqlite3
from collections import deque
from contextvars import Context, copy_context
from time import monotonic
from typing import Any

from realtime.engines.at_once import Result, Work, run_at_once, translated
from realtime.engines.patience import begin

# So many share a commit at the most: the first of them waits for the last.
GROUP = 32


class Change:
    """A change that waits for its turn, and what has come of it."""

    def __init__(self, work: Work[Any]) -> None:
        self.work, self.asked_at = work, monotonic()
        self.context = copy_context()
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.on_disk = False

    def tell(self) -> None:
        """Whoever waits goes on; one who was cancelled meanwhile waits no more."""
        if self.done.done():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        elif self.on_disk:
            self.done.set_result(self.result)
        else:
            self.done.cancel()


class WriterQueue:
    """The changes that wait for the writer.

    Args:
        client: whose writer it is; its lock is taken for each group, in turn with other transactions.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._waiting: deque[Change] = deque()
        self._at_work: asyncio.Task[None] | None = None

    async def run(self, work: Work[Result]) -> Result:
        """Run `work` in the writer's thread, in a transaction; its result, once it is on the disk.

        A caller cancelled before its turn has changed nothing; cancelled later, all or nothing.

        Raises:
            OperationalError: the database refuses; nothing of the change is left. Or what `work` raises.
        """
        change = Change(work)
        self._waiting.append(change)
        if self._at_work is None:
            # In a context of its own: the first caller's transaction, language or request is not the others'.
            self._at_work = asyncio.get_running_loop().create_task(self._run_all(), context=Context())
        result: Result = await change.done
        return result

    async def _run_all(self) -> None:
        try:
            while self._waiting:
                async with self._client._lock:
                    await self._run_group(self._next_group())
        finally:
            self._at_work = None
            for change in self._waiting:
                change.tell()

    def _next_group(self) -> list[Change]:
        group: list[Change] = []
        while self._waiting and len(group) < GROUP:
            change = self._waiting.popleft()
            if not change.done.done():
                group.append(change)
        return group

    async def _run_group(self, group: list[Change]) -> None:
        try:
            await self._client.create_connection(with_db=True)
            connection = self._client._connection
            await connection._execute(commit_together, self._client, connection._conn, group)
        except Exception as error:
            _fail(group, error)
        finally:
            for change in group:
                change.tell()

    async def finish(self) -> None:
        """Wait until every change has had its turn: the connection is going to be closed."""
        if self._at_work is not None:
            await asyncio.wait([self._at_work])


def commit_together(client: Any, connection: sqlite3.Connection, group: list[Change]) -> None:
    """In the writer's thread: each change in its own savepoint, then one commit for those that went well."""
    try:
        begin(connection, group[0].asked_at, client.patience_ms)
        for change in group:
            _attempt(client, connection, change)
        connection.execute("COMMIT")
        for change in group:
            change.on_disk = change.error is None
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.rollback()
        _fail(group, translated(error))


def _attempt(client: Any, connection: sqlite3.Connection, change: Change) -> None:
    """Run one change; of one that fails nothing is left, and the others go on.

    Raises:
        sqlite3.OperationalError: SQLite has given up the whole transaction (the disk is full, say).
    """
    connection.execute("SAVEPOINT change")
    try:
        change.result = run_at_once(client, connection, change.context, change.work, writes=True)
    except BaseException as error:
        change.error = error
        if not connection.in_transaction:
            raise sqlite3.OperationalError(f"SQLite has given up the transaction: {error}") from error
        connection.execute("ROLLBACK TO change")
    connection.execute("RELEASE change")


def _fail(group: list[Change], error: BaseException) -> None:
    for change in group:
        change.error = change.error or error

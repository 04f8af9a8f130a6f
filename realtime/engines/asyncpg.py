"""PostgreSQL for a server: transactions that give their connection back even when cancelled.

Tortoise's own client loses a pooled connection for good when the task is cancelled between taking it
and beginning, and lets a task started inside a transaction write through it after its end.

The path of this module holds "asyncpg": Tortoise's migrations choose their dialect by that.
"""

import asyncio
import contextlib
from typing import Any

from asyncpg.exceptions import InternalClientError
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from realtime.engines.at_once import Result, Within, Work
from realtime.engines.safety import OneTask, uncancelled


class ServerAsyncpgClient(AsyncpgDBClient):
    """A pool whose transactions are safe to cancel."""

    async def create_pool(self, **options: Any) -> Any:
        """The pool. A connection given back needs no reset: nothing here changes a session's settings.

        That is one journey to the server less for each statement outside a transaction.
        """
        return await super().create_pool(reset=_leave_as_it_is, **options)

    def _in_transaction(self) -> TransactionContext:
        return _PooledTransactionContext(_PooledTransaction(self), self._pool_init_lock)

    async def read_at_once(self, read: Work[Result], brief: bool = False) -> Result:
        """Run `read`; each of its statements sees what is committed by then."""
        return await read()

    def moment(self) -> object:
        """Never twice the same: to ask would be a journey."""
        return object()

    async def leave_no_trace(self) -> bool:
        """Nothing: VACUUM is the server's own business, and VACUUM FULL locks whole tables."""
        return True

    async def write_at_once(self, work: Work[Result]) -> Result:
        """Run `work` in a transaction; its result, once it is committed."""
        async with self._in_transaction():
            return await work()


async def _leave_as_it_is(connection: Any) -> None:
    """asyncpg itself has rolled back what was left open."""


class _PooledTransaction(Within, OneTask, TransactionWrapper):
    """A transaction; nobody may use it once it is over, nor from a task started inside it."""

    def __init__(self, connection: AsyncpgDBClient) -> None:
        super().__init__(connection)
        self.belong_to_this_task()

    def _in_transaction(self) -> TransactionContext:
        return self.nested(_PooledTransaction(self))


class _PooledTransactionContext(TransactionContextPooled):
    """Take, begin, end, give back: each step finishes, whenever the task is cancelled."""

    client: _PooledTransaction

    async def __aenter__(self) -> Any:
        self.client.belong_to_this_task()
        await self.ensure_connection()
        pool: Any = self.client._parent._pool
        self.client._connection = await uncancelled_acquire(pool)
        try:
            await uncancelled(self.client.begin(), undo=self._undo)
        except BaseException:
            await uncancelled(_give_back(pool, self.client._connection))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def _undo(self) -> None:
        with contextlib.suppress(Exception):
            await self.client.rollback()

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.client._finalized:
                end = self.client.rollback() if exc_type else self.client.commit()
                await uncancelled(end)
        finally:
            get_connections().reset(self.token)
            pool = self.client._parent._pool
            if pool is not None:
                await uncancelled(_give_back(pool, self.client._connection))


async def _give_back(pool: Any, connection: Any) -> None:
    """Release a connection; one that the server has cut may have gone back by itself a moment ago."""
    with contextlib.suppress(InternalClientError):
        await pool.release(connection)


async def uncancelled_acquire(pool: Any) -> Any:
    """A connection of the pool; if the task is cancelled while it waits, none is lost."""
    task = asyncio.ensure_future(pool.acquire())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await pool.release(await task)
        raise


client_class = ServerAsyncpgClient

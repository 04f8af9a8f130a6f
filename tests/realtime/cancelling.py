"""Cancelling something at each place where it waits, and seeing that the database is whole after it."""

import asyncio
import types
from collections.abc import Awaitable, Callable, Collection, Coroutine, Generator
from functools import partial
from itertools import count
from typing import Any

from tortoise.connection import connections

from realtime.sql import CONNECTION, dialect, sql
from tests.waiting import until

Work = Callable[[], Coroutine[Any, Any, Any]]
PATIENCE = 20.0


async def cancelled_everywhere(work: Work, after: Callable[[], Awaitable[None]], again: int = 0) -> int:
    """Run `work` once for each time that it waits, cancelled there; then once in peace.

    Args:
        after: looks at what is left, each time.
        again: cancelled a second time so many waits later, while it cleans up (0: once only).

    Returns:
        How many times it waits.
    """
    for wait in count(1):
        waits = {wait, wait + again}
        task = asyncio.create_task(_run(_cancelled_at(waits, work())))
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([task])
        async with asyncio.timeout(PATIENCE):
            await after()
        if not task.cancelled():
            task.result()
            return wait - 1
    raise AssertionError("unreachable")


async def _run(work: Awaitable[Any]) -> None:
    await work


@types.coroutine
def _cancelled_at(waits: Collection[int], work: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """Drive a coroutine; the task that runs it is cancelled when it begins to wait for the nth time."""
    step: Callable[[], Any] = partial(work.send, None)
    for wait in count(1):
        try:
            waited = step()
        except StopIteration as end:
            return end.value
        if wait in waits:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        try:
            yield waited
        except BaseException as error:
            step = partial(work.throw, error)
        else:
            step = partial(work.send, None)


async def whole() -> None:
    """Nothing of the database is held or lost: the writer, the readers, the pool."""
    client: Any = connections.get(CONNECTION)
    if dialect() == "sqlite":
        # A rollback may still be on its way to the writer's thread, before whatever comes next.
        await until(lambda: not client._lock.locked())
        if client._connection is not None:
            await until(lambda: not client._connection._conn.in_transaction)
        await asyncio.gather(*(sql("SELECT 1") for _reader in range(2 * client._reader_count)))
    else:
        await _pool_is_whole(client._pool)


async def _pool_is_whole(pool: Any) -> None:
    # One whose statement was cancelled is given back when the server has confirmed it.
    await until(lambda: pool.get_size() == pool.get_idle_size())
    most = pool.get_max_size()
    taken = [await pool.acquire() for _n in range(most)]
    assert not any(connection.is_in_transaction() for connection in taken), "a transaction was left open"
    for connection in taken:
        await pool.release(connection)

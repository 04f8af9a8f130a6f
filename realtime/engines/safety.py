"""What both engines need so that no cancelled task loses a lock or a connection."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any, TypeVar

from tortoise.backends.base.client import NestedTransactionContext
from tortoise.exceptions import TransactionManagementError

Result = TypeVar("Result")


class OneTask:
    """A transaction that serves the task that opened it, until its end.

    A task started inside a transaction inherits its connection: its rows would share another's fate,
    without an error. Mixed in before Tortoise's own wrapper.
    """

    _finalized: bool

    def belong_to_this_task(self) -> None:
        """Called when the transaction is made, and again when it is entered."""
        self._task = asyncio.current_task()

    def nested(self, inner: Any) -> NestedTransactionContext:
        """A transaction inside this one."""
        return Savepoint(inner)

    def acquire_connection(self) -> Any:
        """The connection, for the right task.

        Raises:
            TransactionManagementError: another task's, or a transaction that is over.
        """
        if self._finalized or asyncio.current_task() is not self._task:
            raise TransactionManagementError(
                "this task was started inside a transaction and may not write through it: "
                "start tasks after the transaction"
            )
        return super().acquire_connection()  # type: ignore[misc]


class Savepoint(NestedTransactionContext):
    """A transaction inside another one: undone whatever its error.

    Tortoise's own lets what was written before a TransactionManagementError stay, and be committed.
    """

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        if self.client._finalized:
            return
        if exc_type:
            await self.client.savepoint_rollback()
        else:
            await self.client.release_savepoint()


async def uncancelled(step: Awaitable[Result], undo: Any = None) -> Result:
    """Let a step finish although the task is cancelled meanwhile, then be cancelled.

    Args:
        undo: what to do after the step in that case.
    """
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await _until_done(task)
        if undo is not None and task.exception() is None:
            await undo()
        raise


async def _until_done(task: "asyncio.Future[Result]") -> Result:
    """Wait on, however often one is cancelled: the step is short and holds a lock."""
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    return task.result()

"""Transactions: whole, of one task, with savepoints that spare the rest, on both databases."""

import asyncio
import subprocess
import sys

import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.transactions import in_transaction

from forum.accounts.models import User
from realtime import log
from realtime.sql import CONNECTION, dialect, sql
from tests.realtime.cancelling import whole

# Writes as fast as it can, until it is told to stop.
BUSY_WRITER = """
import asyncio, sys, threading
from forum.database import close_database, open_database
from realtime import log
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set())).start()
async def main(url):
    await open_database(url)
    written = 0
    while not stop.is_set():
        async with log.transaction() as record:
            record("topic:1", "post.created")
        written += 1
        if written == 1:
            print("writing", flush=True)
    await close_database()
    print(written)
asyncio.run(main(sys.argv[1]))
"""


async def a_user(name: str) -> User:
    return await User.create(username=name, username_lower=name)


async def users() -> list[str]:
    return [row["username"] for row in await sql("SELECT username FROM users ORDER BY id")]


async def test_an_error_in_a_transaction_leaves_nothing(db: None) -> None:
    async def fail(error: type[BaseException]) -> None:
        async with log.transaction() as record:
            await a_user("gone")
            record("topic:1", "post.created")
            raise error

    for error in (ZeroDivisionError, TransactionManagementError, KeyboardInterrupt, asyncio.CancelledError):
        with pytest.raises(error):
            await fail(error)
    assert await users() == []
    assert await log.after("topic:1", 0, 10) == []
    await whole()


# A task of its own


async def test_a_task_started_inside_a_transaction_cannot_write_through_it(db: None) -> None:
    async with log.transaction():
        child = asyncio.create_task(a_user("child"))
        with pytest.raises(TransactionManagementError):
            await child
        await a_user("parent")
    assert await users() == ["parent"]


async def test_a_task_that_outlives_its_transaction_cannot_write_through_another_one(db: None) -> None:
    """Elsewhere its row was written inside a stranger's transaction, and went away with it."""
    gate = asyncio.Event()

    async def late() -> None:
        await gate.wait()
        await a_user("late")

    async def a_stranger_fails() -> None:
        async with log.transaction():
            await a_user("stranger")
            gate.set()
            with pytest.raises(TransactionManagementError):
                await child
            raise ZeroDivisionError

    async with log.transaction():
        child = asyncio.create_task(late())
    with pytest.raises(ZeroDivisionError):
        await a_stranger_fails()
    assert await users() == []


# Read, then write


async def test_reading_before_writing_never_finds_the_database_locked(db: None) -> None:
    await a_user("zero")

    async def read_then_write(n: int) -> None:
        async with log.transaction():
            await sql("SELECT COUNT(*) FROM users")
            await a_user(f"u{n}")

    await asyncio.gather(*(read_then_write(n) for n in range(30)))
    assert len(await users()) == 31


async def test_nor_does_it_while_another_program_writes(db: None, database_url: str) -> None:
    """Elsewhere a transaction that reads first fails at once, whatever its patience (BEGIN IMMEDIATE)."""
    busy = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BUSY_WRITER, database_url, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert busy.stdout is not None
    assert await busy.stdout.readline() == b"writing\n"
    for n in range(40):
        async with log.transaction() as record:
            await log.after("topic:1", 0, 1)
            await a_user(f"u{n}")
            record("topic:2", "post.created")
    written = int((await busy.communicate(b""))[0])
    assert [await _count("topic:1"), await _count("topic:2"), len(await users())] == [written, 40, 40]


async def _count(channel: str) -> int:
    return len(await log.after(channel, 0, 1_000_000))


# Savepoints


async def test_an_inner_transaction_goes_with_the_outer_one(db: None) -> None:
    async def fail() -> None:
        async with log.transaction():
            async with log.transaction():
                await a_user("inner")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await users() == []


async def test_an_inner_transaction_that_fails_spares_the_outer_one(db: None) -> None:
    async def fail() -> None:
        async with log.transaction():
            await a_user("second")
            async with in_transaction(CONNECTION):
                await a_user("third")
            raise ZeroDivisionError

    async with log.transaction():
        await a_user("first")
        with pytest.raises(ZeroDivisionError):
            await fail()
        async with in_transaction(CONNECTION):
            await a_user("fourth")
    assert await users() == ["first", "fourth"]
    await whole()


@pytest.mark.parametrize("error", [TransactionManagementError, asyncio.CancelledError])
async def test_an_inner_transaction_leaves_nothing_whatever_its_error(
    db: None, error: type[BaseException]
) -> None:
    """Elsewhere what was written before a TransactionManagementError stays, and is committed."""

    async def fail() -> None:
        async with in_transaction(CONNECTION):
            await a_user("half")
            raise error

    async with log.transaction():
        with pytest.raises(error):
            await fail()
        await a_user("whole")
    assert await users() == ["whole"]


async def test_a_refused_row_within_a_savepoint_spares_the_rest(db: None) -> None:
    await a_user("taken")
    async with log.transaction():
        await a_user("before")
        with pytest.raises(IntegrityError):
            async with in_transaction(CONNECTION):
                await a_user("taken")
        await a_user("after")
    assert await users() == ["taken", "before", "after"]


async def test_a_refused_row_caught_without_a_savepoint_is_never_half_a_change(db: None) -> None:
    """Our rule: IntegrityError is caught outside of the transaction, or around a savepoint.

    Where the rule is broken SQLite goes on; PostgreSQL refuses whatever comes next, and the whole change.
    """

    async def break_the_rule() -> None:
        async with log.transaction():
            await a_user("before")
            with pytest.raises(IntegrityError):
                await a_user("before")
            await a_user("after")

    if dialect() == "sqlite":
        await break_the_rule()
        assert await users() == ["before", "after"]
    else:
        with pytest.raises(TransactionManagementError):
            await break_the_rule()
        assert await users() == []
    await whole()

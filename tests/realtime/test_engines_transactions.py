"""Transactions: whole, of one task, with savepoints that spare the rest, on both databases."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from tortoise.connection import connections
from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.transactions import in_transaction

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database
from realtime import log
from realtime.sql import CONNECTION, as_datetime, dialect, sql
from tests.realtime.cancelling import whole
from tests.waiting import until

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
# A disk that is full for a while: no file may grow.
FULL_DISK = """
import asyncio, os, resource, sys
from pathlib import Path
from tortoise.exceptions import OperationalError
from forum.database import close_database, open_database
from realtime import log
from realtime.sql import sql
from tests.realtime.cancelling import whole

def files_grow(allowed):
    end = resource.RLIM_INFINITY if allowed else 4096
    resource.setrlimit(resource.RLIMIT_FSIZE, (end, resource.RLIM_INFINITY))

async def reply(n):
    async with log.transaction() as record:
        await sql("INSERT INTO site (id, version, title) VALUES ({0}, 1, {1})", n, "x" * 20000)
        record("topic:1", "post.created", n=n)

async def main(url):
    await open_database(url)
    try:
        await reply(100)
        files_grow(False)
        refused = 0
        for n in range(101, 104):
            try:
                await reply(n)
            except OperationalError:
                refused += 1
        assert [event.offset for event in await log.after("topic:1", 0, 9)] == [1], "reading goes on"
        files_grow(True)
        await reply(200)
        await whole()
        rows = await sql("SELECT id FROM site WHERE id >= 100 ORDER BY id")
        print(refused, [row["id"] for row in rows], (await log.head("topic:1")).offset)
    finally:
        await close_database()
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


# The end


async def test_sqlite_says_that_the_disk_is_full_and_goes_on_when_it_is_not(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'relais.sqlite3'}"
    await migrate(url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FULL_DISK, url, stdout=subprocess.PIPE
    )
    out, _err = await process.communicate()
    assert (process.returncode, out) == (0, b"3 [100, 200] 2\n"), (
        "nothing of what was refused, no number lost"
    )


@pytest.mark.postgres
async def test_a_commit_that_postgres_refuses_leaves_nothing(db: None) -> None:
    async def refused() -> None:
        async with log.transaction() as record:
            await sql("INSERT INTO seats VALUES (1), (1)")
            record("topic:1", "post.created")

    await sql("CREATE TABLE seats (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    for _time in range(12):
        with pytest.raises(asyncpg.UniqueViolationError):
            await refused()
    await sql("INSERT INTO seats VALUES (1)")
    assert await log.after("topic:1", 0, 10) == []
    await whole()


@pytest.mark.postgres
async def test_connections_that_the_server_has_ended_are_replaced(db: None, database_url: str) -> None:
    async def interrupted() -> None:
        async with log.transaction():
            await a_user("gone")
            await _end_all_others(database_url)
            await a_user("gone too")

    pool = connections.get(CONNECTION)._pool
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        await interrupted()
    await until(lambda: pool.get_size() == pool.get_idle_size())
    await a_user("back")
    assert await users() == ["back"]
    await whole()


async def _end_all_others(url: str) -> None:
    """As a restart of the server does."""
    other = await asyncpg.connect(url)
    await other.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    await other.close()


async def test_sqlite_writes_reach_the_disk_before_the_answer(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'relais.sqlite3'}"
    await migrate(url)
    await open_database(url)
    try:
        async with log.transaction():
            rows = await sql("PRAGMA synchronous")
        assert rows[0]["synchronous"] == 2
        assert (await sql("PRAGMA journal_mode"))[0]["journal_mode"] == "wal"
    finally:
        await close_database()


# The same SQL on both


async def test_rows_of_returning_come_from_both_databases(db: None) -> None:
    """Elsewhere PostgreSQL's are dropped without a word."""
    made = await sql(
        "INSERT INTO site (id, version, title) VALUES ({0}, {1}, {2}) RETURNING id, title", 7, 1, "Here"
    )
    changed = await sql("UPDATE site SET version = version + 1 WHERE id = {0} RETURNING version", 7)
    gone = await sql("DELETE FROM site WHERE id = {0} RETURNING title", 7)
    assert (made, changed, gone) == ([{"id": 7, "title": "Here"}], [{"version": 2}], [{"title": "Here"}])


async def test_moments_agree_between_models_and_sql(db: None) -> None:
    user = await a_user("alice")
    rows = await sql("SELECT created_at FROM users WHERE created_at = {0}", user.created_at)
    assert as_datetime(rows[0]["created_at"]) == user.created_at

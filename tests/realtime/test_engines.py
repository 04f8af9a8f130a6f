"""The database engines: what loses data, deadlocks or leaks a transaction elsewhere does not here."""

import asyncio
import sys
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.transactions import in_transaction

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database, pending_migrations
from forum.migrations import __path__ as forum_migrations
from realtime import log
from realtime.migrations import __path__ as realtime_migrations
from realtime.sql import as_datetime, sql


async def a_user(name: str) -> User:
    return await User.create(username=name, username_lower=name)


async def users() -> list[str]:
    return [row["username"] for row in await sql("SELECT username FROM users ORDER BY id")]


@pytest.mark.parametrize("turns", range(12))
async def test_a_task_cancelled_while_it_enters_or_leaves_gives_the_writer_back(db: None, turns: int) -> None:
    async def change() -> None:
        async with log.transaction():
            await a_user("half")

    task = asyncio.create_task(change())
    for _turn in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        async with log.transaction():
            await a_user("whole")
    assert (await users())[-1] == "whole"


async def test_a_hundred_cancelled_transactions_leave_the_database_usable(db: None) -> None:
    async def change(n: int) -> None:
        async with log.transaction():
            await a_user(f"n{n}")
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(change(n)) for n in range(100)]
    for n, task in enumerate(tasks):
        await asyncio.sleep(0)
        if n % 2:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        await asyncio.gather(*(change(1000 + n) for n in range(20)))
    assert sum(name.startswith("n10") and len(name) > 4 for name in await users()) == 20


async def test_a_task_started_inside_a_transaction_cannot_write_through_it(db: None) -> None:
    async with log.transaction():
        child = asyncio.create_task(a_user("child"))
        with pytest.raises(TransactionManagementError):
            await child
        await a_user("parent")
    assert await users() == ["parent"]


async def test_a_task_that_outlives_its_transaction_cannot_write_through_it(db: None) -> None:
    gate = asyncio.Event()

    async def late() -> None:
        await gate.wait()
        await a_user("late")

    async with log.transaction():
        child = asyncio.create_task(late())
    gate.set()
    with pytest.raises(TransactionManagementError):
        await child


async def test_reading_before_writing_never_finds_the_database_locked(db: None) -> None:
    await a_user("zero")

    async def read_then_write(n: int) -> None:
        async with log.transaction():
            await sql("SELECT COUNT(*) FROM users")
            await a_user(f"u{n}")

    await asyncio.gather(*(read_then_write(n) for n in range(30)))
    assert len(await users()) == 31


async def test_reads_do_not_wait_for_a_transaction(db: None) -> None:
    await a_user("seen")
    async with log.transaction():
        await a_user("unseen")
        reader = asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await reader
        seen = await _read_in_another_task()
    assert seen == ["seen"]


async def _read_in_another_task() -> list[str]:
    """A read from outside the transaction: a task whose context knows nothing of it."""
    import contextvars

    fresh = contextvars.Context()
    for variable, value in contextvars.copy_context().items():
        if not variable.name.startswith("storage_"):
            fresh.run(variable.set, value)
    task = asyncio.get_running_loop().create_task(users(), context=fresh)
    async with asyncio.timeout(2):
        return await task


async def test_rows_of_returning_come_from_both_databases(db: None) -> None:
    rows = await sql(
        "INSERT INTO site (id, version, title) VALUES ({0}, {1}, {2}) RETURNING id, title", 7, 1, "Here"
    )
    assert rows == [{"id": 7, "title": "Here"}]


async def test_moments_agree_between_models_and_sql(db: None) -> None:
    user = await a_user("alice")
    rows = await sql("SELECT created_at FROM users WHERE created_at = {0}", user.created_at)
    assert as_datetime(rows[0]["created_at"]) == user.created_at


async def test_a_refused_row_within_a_savepoint_spares_the_rest(db: None) -> None:
    await a_user("taken")
    async with log.transaction():
        await a_user("before")
        with pytest.raises(IntegrityError):
            async with in_transaction("default"):
                await a_user("taken")
        await a_user("after")
    assert await users() == ["taken", "before", "after"]


async def test_an_error_in_a_transaction_leaves_nothing(db: None) -> None:
    async def change() -> None:
        async with log.transaction() as record:
            await a_user("gone")
            record("topic:1", "post.created")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change()
    assert await users() == []
    assert await log.after("topic:1", 0, 10) == []


async def test_two_migrations_at_once_wait_for_each_other(database_url: str) -> None:
    run = [
        asyncio.create_subprocess_exec(
            sys.executable, "-c",
            f"import asyncio; from forum.database import migrate; asyncio.run(migrate({database_url!r}))",
        )
        for _n in range(2)
    ]  # fmt: skip
    both = await asyncio.gather(*run)
    assert [await process.wait() for process in both] == [0, 0]


async def test_a_migrated_database_has_nothing_pending(db: None, database_url: str) -> None:
    assert await pending_migrations(database_url) == []


def test_no_migration_remakes_a_table_behind_our_back() -> None:
    """AlterField and RemoveField drop the table on SQLite: its children and indexes go with it."""
    files = [
        path for folder in (*forum_migrations, *realtime_migrations) for path in Path(folder).glob("0*.py")
    ]
    assert files
    for path in files:
        text = path.read_text()
        assert "AlterField" not in text
        assert "RemoveField" not in text


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

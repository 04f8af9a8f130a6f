"""Committing: on the disk before the answer, or refused and nothing left; the same SQL on both databases."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from tortoise.connection import connections

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database
from realtime import log
from realtime.sql import CONNECTION, as_datetime, sql
from tests.realtime.cancelling import whole
from tests.waiting import until

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
        await sql(
            "INSERT INTO groups (id, name, full_name, description) VALUES ({0}, {1}, '', {2})",
            n, str(n), "x" * 20000,
        )
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
        rows = await sql("SELECT id FROM groups WHERE id >= 100 ORDER BY id")
        print(refused, [row["id"] for row in rows], (await log.head("topic:1")).offset)
    finally:
        await close_database()
asyncio.run(main(sys.argv[1]))
"""


async def a_user(name: str) -> User:
    return await User.create(username=name, username_lower=name)


async def users() -> list[str]:
    return [row["username"] for row in await sql("SELECT username FROM users ORDER BY id")]


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
            await sql("INSERT INTO chairs VALUES (1), (1)")
            record("topic:1", "post.created")

    await sql("CREATE TABLE chairs (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    for _time in range(12):
        with pytest.raises(asyncpg.UniqueViolationError):
            await refused()
    await sql("INSERT INTO chairs VALUES (1)")
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
    made = await sql("INSERT INTO site (id, version) VALUES ({0}, {1}) RETURNING id, version", 7, 1)
    changed = await sql("UPDATE site SET version = version + 1 WHERE id = {0} RETURNING version", 7)
    gone = await sql("DELETE FROM site WHERE id = {0} RETURNING id", 7)
    assert (made, changed, gone) == ([{"id": 7, "version": 1}], [{"version": 2}], [{"id": 7}])


async def test_moments_agree_between_models_and_sql(db: None) -> None:
    user = await a_user("alice")
    rows = await sql("SELECT created_at FROM users WHERE created_at = {0}", user.created_at)
    assert as_datetime(rows[0]["created_at"]) == user.created_at

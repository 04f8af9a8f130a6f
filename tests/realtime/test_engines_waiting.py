"""Who waits for whom: readers not for the writer, nor the writer for them, and nobody for ever."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import closing
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from forum.accounts.models import User
from forum.database import close_database, open_database
from realtime import log
from realtime.log import Record
from realtime.sql import dialect, sql
from tests.realtime.cancelling import whole

# A second of work, more or less, for either database.
SLOW = {
    "sqlite": """WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000)
                 SELECT COUNT(*) AS n FROM c""",
    "postgres": "SELECT COUNT(*) AS n FROM generate_series(1, 600000) n WHERE md5(n::text) <> ''",
}


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[None]:
    """An open database with one reader on SQLite, and one connection on PostgreSQL."""
    await open_database(
        f"{database_url}?{'maxsize=1' if database_url.startswith('postgres') else 'readers=1'}"
    )
    yield
    await close_database()


def a_slow_read() -> Coroutine[Any, Any, list[dict[str, Any]]]:
    return sql(SLOW[dialect()])


async def a_user(name: str) -> None:
    await User.create(username=name, username_lower=name)


async def users() -> list[str]:
    return [row["username"] for row in await sql("SELECT username FROM users ORDER BY id")]


async def test_reads_do_not_wait_for_a_transaction_and_see_what_is_committed(db: None) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold_a_transaction() -> None:
        async with log.transaction():
            await a_user("unseen")
            begun.set()
            await go_on.wait()

    await a_user("seen")
    holding = asyncio.create_task(hold_a_transaction())
    await begun.wait()
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(users() for _reader in range(9))) == [["seen"]] * 9
    go_on.set()
    await holding
    assert await users() == ["seen", "unseen"]


async def test_a_slow_read_holds_up_neither_writes_nor_other_reads(db: None) -> None:
    slow = [asyncio.create_task(a_slow_read()) for _n in range(2)]
    while not slow[0].done() and len(await users()) < 3:
        await a_user(f"u{len(await users())}")
    assert not any(task.done() for task in slow), "three were written and read meanwhile"
    await asyncio.gather(*slow)


@pytest.mark.parametrize("turns", [0, 1, 10])
async def test_a_slow_read_that_nobody_waits_for_holds_up_nobody(narrow: None, turns: int) -> None:
    """Elsewhere its thread reads on, and whoever has it next waits for the end."""
    started = time.monotonic()
    await a_slow_read()
    whole_read = time.monotonic() - started
    for _time in range(3):
        slow = asyncio.create_task(a_slow_read())
        for _turn in range(turns):
            await asyncio.sleep(0)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
    started = time.monotonic()
    assert await users() == []
    assert time.monotonic() - started < whole_read / 2
    await whole()


@pytest.mark.parametrize("patient", ["read", "write"])
async def test_one_who_never_stops_asking_does_not_starve_another(narrow: None, patient: str) -> None:
    """Elsewhere one task may keep the only reader, as long as it asks again at once."""
    asked = 0

    async def ask_for_ever() -> None:
        nonlocal asked
        while True:
            await (users() if patient == "read" else a_user(f"greedy{asked}"))
            asked += 1

    greedy = [asyncio.create_task(ask_for_ever()) for _n in range(3)]
    while asked < 3:
        await asyncio.sleep(0)
    before = asked
    await (users() if patient == "read" else a_user("patient"))
    assert asked - before <= 12, "it had its turn with the others"
    for task in greedy:
        task.cancel()
    await asyncio.gather(*greedy, return_exceptions=True)
    await whole()


async def test_many_who_come_first_open_the_database_once(database_url: str) -> None:
    """Elsewhere those who come first at the same moment each open it, or find it half open."""
    from tortoise import Tortoise

    from forum.database import APPS
    from realtime.database import tortoise_config

    config = tortoise_config(database_url, APPS)
    async with await Tortoise.init(config=config, _enable_global_fallback=False) as context:
        first = [users() if n % 2 else a_user(f"u{n}") for n in range(20)]
        async with asyncio.timeout(10):
            await asyncio.gather(*first)
        assert len(await users()) == 10
        await whole()
        await context.close_connections()


async def test_whoever_waited_for_the_turn_does_not_wait_as_long_again_for_the_lock(
    database_url: str,
) -> None:
    """Another process locks the file; each of these would wait its whole time after the one before."""
    if database_url.startswith("postgres"):
        pytest.skip("there each writer has a connection of its own")
    await open_database(f"{database_url}?busy_timeout=2000")
    with closing(sqlite3.connect(database_url.removeprefix("sqlite://"), isolation_level=None)) as other:
        try:
            other.execute("BEGIN EXCLUSIVE")
            answers, took = await _all_refused(
                log.write(lambda: a_user("late")), *map(a_user_alone, range(4))
            )
            assert [type(answer) for answer in answers] == [OperationalError] * 5
            assert took < 2 + 4 * 1.5, "five times two seconds otherwise"
            other.execute("COMMIT")
            await a_user_alone(9)
            assert await users() == ["u9"]
        finally:
            await close_database()


async def in_a_group(record: Record) -> None:
    """A change that shares a commit with others."""
    await sql("UPDATE users SET name = 'late'")


async def a_user_alone(n: int) -> None:
    """In a transaction of its own."""
    async with log.transaction():
        await a_user(f"u{n}")


async def _all_refused(*changes: Coroutine[Any, Any, Any]) -> tuple[list[Any], float]:
    began = time.monotonic()
    answers = await asyncio.gather(*changes, return_exceptions=True)
    return answers, time.monotonic() - began

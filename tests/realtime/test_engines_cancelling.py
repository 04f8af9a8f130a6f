"""Cancelled wherever it waits, a change is whole or absent, and nothing of the database is lost."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from tortoise.transactions import in_transaction

from forum.accounts.models import User
from forum.database import close_database, open_database
from realtime import log
from realtime.sql import CONNECTION, sql
from tests.realtime.cancelling import Work, cancelled_everywhere, whole

names = (f"user{n}" for n in itertools.count())


@pytest.fixture
async def small_pool(database_url: str) -> AsyncIterator[None]:
    """An open database with few connections: a lost one is missed soon."""
    few = "?maxsize=3" if database_url.startswith("postgres") else ""
    await open_database(database_url + few)
    yield
    await close_database()


async def a_user() -> User:
    name = next(names)
    return await User.create(username=name, username_lower=name)


async def a_change() -> None:
    async with log.transaction() as record:
        user = await a_user()
        record("topic:1", "post.created", user_id=user.id)


async def a_nested_change() -> None:
    async with log.transaction() as record:
        await a_user()
        async with log.transaction(), in_transaction(CONNECTION):
            await a_user()
        record("topic:1", "post.created")
        record("topic:1", "post.created")


async def a_change_that_fails() -> None:
    async with log.transaction() as record:
        await a_user()
        record("topic:1", "post.created")
        raise ZeroDivisionError


async def a_refused_change() -> None:
    try:
        await a_change_that_fails()
    except ZeroDivisionError:
        await a_change()


async def many_rows() -> None:
    await User.bulk_create([User(username=name, username_lower=name) for name in itertools.islice(names, 3)])


async def all_or_nothing() -> None:
    """As many people as facts."""
    people = (await sql("SELECT COUNT(*) AS n FROM users"))[0]["n"]
    events = await log.after("topic:1", 0, 10_000)
    assert [event.offset for event in events] == list(range(1, people + 1))
    await whole()


async def all_three_or_none() -> None:
    assert (await sql("SELECT COUNT(*) AS n FROM users"))[0]["n"] % 3 == 0
    await whole()


@pytest.mark.parametrize("again", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "change", [a_change, a_nested_change, a_refused_change], ids=lambda work: work.__name__
)
async def test_a_change_cancelled_anywhere_is_whole_or_absent(
    small_pool: None, change: Work, again: int
) -> None:
    assert await cancelled_everywhere(change, all_or_nothing, again) > 3


@pytest.mark.parametrize("again", [0, 1, 2])
async def test_many_rows_at_once_cancelled_anywhere_are_whole_or_absent(small_pool: None, again: int) -> None:
    assert await cancelled_everywhere(many_rows, all_three_or_none, again) > 1


@pytest.mark.parametrize("again", [0, 1])
async def test_what_runs_outside_a_transaction_may_be_cancelled_anywhere(
    small_pool: None, again: int
) -> None:
    assert await cancelled_everywhere(a_user, whole, again) > 0
    assert await cancelled_everywhere(lambda: sql("SELECT * FROM users"), whole, again) > 0


async def test_opening_may_be_cancelled_anywhere(database_url: str) -> None:
    async def open_and_write() -> None:
        try:
            await open_database(database_url)
            await a_change()
        finally:
            await close_database()

    async def it_opens_again() -> None:
        await open_database(database_url)
        await a_change()
        await all_or_nothing()
        await close_database()

    assert await cancelled_everywhere(open_and_write, it_opens_again) > 5


@pytest.mark.parametrize("turns", range(12))
async def test_a_task_cancelled_some_turns_of_the_loop_later_gives_all_back(db: None, turns: int) -> None:
    task = asyncio.create_task(a_change())
    for _turn in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(20):
        await a_change()
        await all_or_nothing()


async def test_a_hundred_cancelled_changes_leave_the_database_whole(small_pool: None) -> None:
    tasks = [asyncio.create_task(a_change()) for _n in range(100)]
    for n, task in enumerate(tasks):
        await asyncio.sleep(0)
        if n % 2:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(20):
        await asyncio.gather(*(a_change() for _n in range(20)))
        await all_or_nothing()

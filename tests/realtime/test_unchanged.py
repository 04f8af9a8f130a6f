"""What many ask for at once is read once, and read again as soon as anything is committed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database
from realtime import log
from realtime.sql import moment, sql
from realtime.unchanged import Unchanged, wait_for
from tests.waiting import until


class Counter:
    """Reads the members, and counts how often."""

    def __init__(self) -> None:
        self.reads = 0

    async def members(self) -> int:
        self.reads += 1
        return int((await sql("SELECT count(*) AS n FROM users"))[0]["n"])

    async def fails(self) -> int:
        self.reads += 1
        await asyncio.sleep(0)
        raise OSError("the database is away")


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    """An open SQLite database, with nobody else in it."""
    path = tmp_path / "relais.sqlite3"
    await migrate(f"sqlite://{path}")
    await open_database(f"sqlite://{path}")
    yield path
    await close_database()


async def test_what_a_crowd_asks_is_read_once_while_nothing_is_committed(file: Path) -> None:
    counter, unchanged = Counter(), Unchanged()
    asked = [unchanged.get("members", counter.members) for _n in range(100)]
    assert await asyncio.gather(*asked) == [0] * 100
    assert await unchanged.get("members", counter.members) == 0
    assert counter.reads == 1


async def test_after_a_commit_it_is_read_again(db: None) -> None:
    counter, unchanged = Counter(), Unchanged()
    assert await unchanged.get("members", counter.members) == 0
    await User.create(username="alice", username_lower="alice")
    assert await unchanged.get("members", counter.members) == 1
    async with log.transaction() as record:
        record("topic:1", "told")
        assert moment() != moment(), "its own changes are no commit yet"


async def test_a_commit_of_another_process_counts_as_well(file: Path) -> None:
    before = moment()
    assert moment() == before
    with closing(sqlite3.connect(file)) as other:
        other.execute("INSERT INTO live_channels (name, last_offset, trimmed_to) VALUES ('talk', 1, 0)")
        other.commit()
    assert moment() != before


async def test_another_database_is_another_moment(tmp_path: Path) -> None:
    moments = []
    for name in ("one", "two"):
        await migrate(f"sqlite://{tmp_path / name}")
        await open_database(f"sqlite://{tmp_path / name}")
        moments.append(moment())
        await close_database()
    assert moments[0] != moments[1]


async def test_what_failed_is_asked_for_again(file: Path) -> None:
    counter, unchanged = Counter(), Unchanged()
    asked = [unchanged.get("members", counter.fails) for _n in range(3)]
    assert all(isinstance(e, OSError) for e in await asyncio.gather(*asked, return_exceptions=True))
    assert counter.reads == 1
    assert await unchanged.get("members", counter.members) == 0


async def test_who_gives_up_waiting_leaves_the_answer_to_the_others(file: Path) -> None:
    counter, unchanged = Counter(), Unchanged()
    answer = unchanged.now().ask("members", counter.members)
    impatient = asyncio.ensure_future(wait_for(answer))
    await asyncio.sleep(0)
    impatient.cancel()
    await until(impatient.done)
    assert impatient.cancelled()
    assert await wait_for(answer) == 0


async def test_no_more_is_kept_than_it_may(file: Path) -> None:
    counter, unchanged = Counter(), Unchanged(most=3)
    for name in "abcd":
        await unchanged.get(name, counter.members)
    assert len(unchanged.now()) == 1


async def test_what_is_being_read_serves_whoever_joins(db: None) -> None:
    counter, unchanged, go_on = Counter(), Unchanged(), asyncio.Event()

    async def slowly() -> int:
        await go_on.wait()
        return await counter.members()

    first = unchanged.join("members", slowly)
    await User.create(username="alice", username_lower="alice")
    assert unchanged.join("members", slowly) is first
    go_on.set()
    assert await wait_for(first) == 1
    await User.create(username="bob", username_lower="bob")
    assert await wait_for(unchanged.join("members", slowly)) == 2
    assert counter.reads == 2

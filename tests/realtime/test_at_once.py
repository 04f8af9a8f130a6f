"""Changes and reads that make one journey: whole or nothing, in order, whoever is cancelled or fails."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database
from realtime import log
from realtime.engines import brief as brief_reads
from realtime.log import Record
from realtime.sql import at_once, sql

Change = Callable[[Record], Awaitable[str]]
WAL_HEADER, FRAME_HEADER = 32, 24


@pytest.fixture
async def sqlite_file(tmp_path: Path) -> AsyncIterator[Path]:
    """An open SQLite database of this test's own, whatever the others run on."""
    path = tmp_path / "relais.sqlite3"
    await migrate(f"sqlite://{path}")
    await open_database(f"sqlite://{path}")
    yield path
    await close_database()


def coming(name: str) -> Change:
    """A member comes: a row, and its fact."""

    async def change(record: Record) -> str:
        await sql(
            "INSERT INTO users (username, username_lower, name, title, affiliation, admin, moderator,"
            " created_at) SELECT {0}, {0}, '', '', '', {1}, {1}, created_at FROM users"
            " WHERE username = 'first'",
            name,
            False,
        )
        record("topic:1", "post.created", name=name)
        return name

    return change


async def the_first() -> None:
    await User.create(username="first", username_lower="first")


async def members() -> list[str]:
    return [
        row["username"]
        for row in await sql("SELECT username FROM users WHERE username <> 'first' ORDER BY id")
    ]


async def told() -> list[tuple[int, object]]:
    return [(event.offset, event.data["name"]) for event in await log.after("topic:1", 0, 1000)]


async def test_a_change_is_written_with_its_facts_and_gives_its_result(db: None) -> None:
    await the_first()
    assert await log.write(coming("alice")) == "alice"
    assert await members() == ["alice"]
    assert await told() == [(1, "alice")]


async def test_changes_that_come_together_are_numbered_in_the_order_of_their_rows(db: None) -> None:
    await the_first()
    names = [f"n{n}" for n in range(40)]
    assert await asyncio.gather(*(log.write(coming(name)) for name in names)) == names
    events = await told()
    assert [number for number, _name in events] == list(range(1, 41))
    assert {name for _number, name in events} == set(names) == set(await members())


async def test_one_that_fails_leaves_nothing_and_spares_the_others(db: None) -> None:
    await the_first()

    async def fails(record: Record) -> str:
        await coming("half")(record)
        raise ZeroDivisionError

    changes = [fails if n % 3 == 1 else coming(f"n{n}") for n in range(9)]
    outcomes = await asyncio.gather(*map(log.write, changes), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [str, ZeroDivisionError, str] * 3
    assert sorted(await members()) == ["n0", "n2", "n3", "n5", "n6", "n8"]
    assert [number for number, _name in await told()] == list(range(1, 7))


async def test_a_refused_row_is_refused_as_elsewhere(db: None) -> None:
    await the_first()
    await log.write(coming("taken"))
    with pytest.raises(IntegrityError):
        await log.write(coming("taken"))
    with pytest.raises(OperationalError):
        await log.write(lambda record: sql("UPDATE nowhere SET nothing = 1"))
    assert await told() == [(1, "taken")]


@pytest.mark.parametrize("turns", range(12))
async def test_cancelled_at_any_moment_a_change_is_whole_or_absent(db: None, turns: int) -> None:
    await the_first()
    task = asyncio.create_task(log.write(coming("cancelled")))
    others = [asyncio.create_task(log.write(coming(f"n{n}"))) for n in range(3)]
    for _turn in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        await asyncio.gather(*others, log.write(coming("last")))
    assert sorted(await members()) == sorted(name for _number, name in await told())  # type: ignore[type-var]
    assert {"n0", "n1", "n2", "last"} <= set(await members())


async def test_listeners_hear_after_the_commit(db: None) -> None:
    await the_first()
    heard: list[frozenset[str]] = []
    stop = log.listen(heard.append)
    await log.write(coming("alice"))
    stop()
    assert heard == [frozenset({"topic:1"})]


async def test_a_change_within_a_transaction_shares_its_fate(db: None) -> None:
    await the_first()

    async def fails() -> None:
        async with log.transaction():
            await log.write(coming("gone"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    async with log.transaction():
        await log.write(coming("stays"))
    assert await members() == ["stays"]
    assert await told() == [(1, "stays")]


async def test_within_a_change_savepoints_and_transactions_work(db: None) -> None:
    await the_first()

    async def refused() -> None:
        async with in_transaction("default"):
            await sql("DELETE FROM users WHERE username = 'first'")
            await sql("INSERT INTO site (id, version) VALUES (1, 1), (1, 1)")

    async def change(record: Record) -> list[str]:
        await coming("taken")(record)
        with pytest.raises(IntegrityError):
            await refused()
        async with log.transaction() as inner:
            await coming("inner")(inner)
        return await at_once(members)

    assert await log.write(change) == ["taken", "inner"]
    assert await told() == [(1, "taken"), (2, "inner")]
    assert await User.exists(username="first")


async def test_ordinary_transactions_and_changes_take_turns(db: None) -> None:
    await the_first()

    async def ordinary(name: str) -> None:
        async with log.transaction() as record:
            await coming(name)(record)

    async with asyncio.timeout(20):
        await asyncio.gather(*(ordinary(f"o{n}") if n % 2 else log.write(coming(f"w{n}")) for n in range(30)))
    assert [number for number, _name in await told()] == list(range(1, 31))


async def test_a_read_at_once_gives_what_it_finds_or_raises(db: None) -> None:
    await the_first()
    await log.write(coming("alice"))
    assert await at_once(members) == ["alice"]
    with pytest.raises(OperationalError):
        await at_once(partial(sql, "SELECT nothing FROM nowhere"))
    assert await at_once(members) == ["alice"]


async def test_a_read_that_must_write_after_all_does(db: None) -> None:
    await sql("DELETE FROM live_log")
    first = await at_once(partial(log.positions, ["topic:1"]))
    assert first == await log.positions(["topic:1"])


async def test_changes_that_wait_together_share_a_commit(sqlite_file: Path) -> None:
    await the_first()
    before = commits(sqlite_file)
    await asyncio.gather(*(log.write(coming(f"n{n}")) for n in range(20)))
    assert len(await members()) == 20
    assert commits(sqlite_file) - before < 4


def commits(path: Path) -> int:
    """The commits in the write-ahead log: its frames that carry the file's size (file format, § 4.1)."""
    wal = path.with_name(path.name + "-wal").read_bytes()
    page = int.from_bytes(wal[8:12], "big")
    frames = range(WAL_HEADER, len(wal) - FRAME_HEADER + 1, FRAME_HEADER + page)
    return sum(int.from_bytes(wal[frame + 4 : frame + 8], "big") > 0 for frame in frames)


async def test_a_read_at_once_sees_one_moment(sqlite_file: Path) -> None:
    await the_first()
    begun, written = threading.Event(), threading.Event()

    async def read() -> tuple[list[str], list[str]]:
        before = await members()
        begun.set()
        written.wait(10)
        return before, await members()

    reading = asyncio.create_task(at_once(read))
    await asyncio.to_thread(begun.wait, 10)
    await log.write(coming("meanwhile"))
    written.set()
    assert await reading == ([], [])
    assert await members() == ["meanwhile"]


async def test_what_waits_for_something_else_is_refused(sqlite_file: Path) -> None:
    await the_first()

    async def change(record: Record) -> str:
        await coming("half")(record)
        await asyncio.sleep(0)
        return "never"

    with pytest.raises(RuntimeError, match="the database only"):
        await log.write(change)
    with pytest.raises(RuntimeError, match="the database only"):
        await at_once(partial(asyncio.sleep, 0))
    assert await members() == []


async def test_what_outlives_a_change_cannot_write_through_it(sqlite_file: Path) -> None:
    from contextvars import Context, copy_context

    await the_first()
    contexts: list[Context] = []

    async def change(record: Record) -> str:
        contexts.append(copy_context())
        return "done"

    await log.write(change)
    late = asyncio.get_running_loop().create_task(members(), context=contexts[0])
    with pytest.raises(TransactionManagementError):
        await late


async def test_when_sqlite_gives_up_a_whole_commit_everyone_in_it_is_told(sqlite_file: Path) -> None:
    await the_first()

    async def fatal(record: Record) -> str:
        await sql("INSERT OR ROLLBACK INTO site (id, version) VALUES (1, 1), (1, 1)")
        return "never"

    changes = [coming("before"), fatal, coming("after")]
    outcomes = await asyncio.gather(*map(log.write, changes), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError, IntegrityError, OperationalError]
    assert await members() == []
    await log.write(coming("later"))
    assert await told() == [(1, "later")]


async def where_it_is_read(*, brief: bool) -> bool:
    """Whether a read runs in the loop's own thread."""

    async def read() -> int:
        await members()
        return threading.get_ident()

    return await at_once(read, brief=brief) == threading.get_ident()


async def test_a_brief_read_makes_no_journey(sqlite_file: Path) -> None:
    assert await where_it_is_read(brief=True)
    assert not await where_it_is_read(brief=False)


async def test_only_what_a_read_did_itself_sends_the_next_ones_to_the_threads(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_reads, "BURST_SECONDS", 0.0)

    async def kept_waiting() -> None:
        time.sleep(2 * brief_reads.SLOW_SECONDS)  # as when others have the processor

    async def much_to_compute() -> None:
        end = time.thread_time() + 2 * brief_reads.SLOW_SECONDS
        while time.thread_time() < end:
            pass

    await at_once(kept_waiting, brief=True)
    assert await where_it_is_read(brief=True)
    await at_once(much_to_compute, brief=True)
    assert not await where_it_is_read(brief=True)


def test_slow_reads_may_hold_the_loop_up_a_little_and_are_forgiven_in_time() -> None:
    held_up = brief_reads.HeldUp()
    held_up.add(100.0, 0.2)
    held_up.add(101.0, 0.1)
    assert held_up.at(101.0) == pytest.approx(0.28)
    assert held_up.at(103.0) == pytest.approx(0.24)
    assert held_up.at(1000.0) == 0.0


async def test_the_loop_does_not_wait_for_a_lock_that_a_brief_read_meets(tmp_path: Path) -> None:
    path = tmp_path / "relais.sqlite3"
    await migrate(f"sqlite://{path}")
    await open_database(f"sqlite://{path}?journal_mode=DELETE")
    await the_first()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        reading = asyncio.create_task(at_once(members, brief=True))
        for _turn in range(10):
            await asyncio.sleep(0)
        assert not reading.done()
        other.execute("COMMIT")
        async with asyncio.timeout(4):
            assert await reading == []
    await close_database()


async def test_a_change_within_somebody_elses_transaction_is_a_part_of_it(db: None) -> None:
    await the_first()
    async with in_transaction("default"):
        await log.write(coming("alice"))
    assert await members() == ["alice"]
    assert await told() == [(1, "alice")]


async def test_a_change_that_a_read_turns_out_to_make_is_made(db: None) -> None:
    await the_first()

    async def read() -> str:
        await members()
        return await log.write(coming("alice"))

    assert await at_once(read) == "alice"
    assert await at_once(partial(log.write, coming("bob")), brief=True) == "bob"
    assert await members() == ["alice", "bob"]

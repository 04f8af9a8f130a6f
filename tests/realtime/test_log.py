"""The log: numbered without hole, in the order of commits, in the change's own transaction."""

import asyncio
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from realtime import log
from realtime.log import Record
from realtime.sql import sql
from tests.realtime.events import numbers, tell

WRITER = """
import asyncio, sys
from forum.database import open_database, close_database
from realtime import log
async def main(url, name):
    await open_database(url)
    async def write(n):
        async with log.transaction() as record:
            record("topic:1", "post.created", writer=name, n=n)
            record(f"topic:{2 + n % 3}", "post.created", writer=name, n=n)
    await asyncio.gather(*(write(n) for n in range(60)))
    await close_database()
asyncio.run(main(*sys.argv[1:]))
"""


async def test_facts_are_numbered_per_channel_and_written_together(db: None) -> None:
    async with log.transaction() as record:
        record("topic:1", "topic.created", topic_id=1)
        record("latest", "topic.created", topic_id=1)
        record("topic:1", "post.created", topic_id=1, post_id=2)
    events = await log.after("topic:1", 0, 10)
    assert [(event.offset, event.kind) for event in events] == [(1, "topic.created"), (2, "post.created")]
    assert events[1].data == {"topic_id": 1, "post_id": 2}
    positions = await log.positions(["topic:1", "latest", "topic:9"])
    assert [positions[name].offset for name in ("topic:1", "latest", "topic:9")] == [2, 1, 0]


async def test_writers_in_two_processes_leave_no_hole_no_double_no_disorder(
    db: None, database_url: str
) -> None:
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, database_url, name)
        for name in ("one", "two")
    ]
    assert [await writer.wait() for writer in writers] == [0, 0]
    assert await numbers("topic:1") == list(range(1, 121))
    for channel in ("topic:2", "topic:3", "topic:4"):
        assert await numbers(channel) == list(range(1, 41))


async def test_a_nested_change_tells_its_facts_with_the_outer_one(db: None) -> None:
    async with log.transaction() as outer:
        outer("topic:1", "one")
        async with log.transaction() as inner:
            inner("topic:1", "two")
    assert [event.kind for event in await log.after("topic:1", 0, 10)] == ["one", "two"]


async def test_a_nested_change_that_fails_tells_nothing_though_the_outer_one_goes_on(db: None) -> None:
    async def fails(record: Record) -> None:
        record("topic:1", "written")
        raise KeyError

    async with log.transaction() as outer:
        outer("topic:1", "one")
        with suppress(KeyError):
            async with log.transaction() as inner:
                inner("topic:1", "two")
                raise KeyError
        with suppress(KeyError):
            await log.write(fails)
        outer("topic:1", "three")
    assert [event.kind for event in await log.after("topic:1", 0, 10)] == ["one", "three"]


async def test_listeners_hear_after_the_commit_and_only_then(db: None) -> None:
    heard: list[frozenset[str]] = []
    stop = log.listen(heard.append)
    async with log.transaction() as record:
        record("topic:1", "post.created")
        assert heard == []
    stop()
    assert heard == [frozenset({"topic:1"})]


async def test_the_past_is_read_forwards_and_backwards_by_pages(db: None) -> None:
    await tell("topic:1", 7)
    await tell("topic:2", 3)

    async def forwards(offset: int) -> list[int]:
        return [event.offset for event in await log.after("topic:1", offset, 3)]

    async def backwards(offset: int | None) -> list[int]:
        return [event.offset for event in await log.before("topic:1", offset, 3)]

    assert [await forwards(n) for n in (0, 3, 6, 7)] == [[1, 2, 3], [4, 5, 6], [7], []]
    assert [await backwards(n) for n in (None, 5, 2, 1)] == [[7, 6, 5], [4, 3, 2], [1], []]


async def test_the_head_of_a_channel_is_where_it_stands_even_before_its_first_event(db: None) -> None:
    epoch = (await log.positions(["topic:1"]))["topic:1"].epoch
    assert await log.head("topic:1") == log.Head(0, epoch, 0)
    await tell("topic:1", 3)
    assert await log.head("topic:1") == log.Head(3, epoch, 0)


async def test_a_clock_that_goes_back_changes_no_number(db: None) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for minutes in (0, 30, -60, 15, -1440):
        await tell("topic:1", at=noon + timedelta(minutes=minutes))
    events = await log.after("topic:1", 0, 10)
    assert [event.offset for event in events] == [1, 2, 3, 4, 5]
    assert events[4].time < events[0].time, "the times are those of the clock"
    assert [event.offset for event in await log.before("topic:1", 4, 2)] == [3, 2]


async def test_the_epoch_stays_until_it_is_renewed(db: None) -> None:
    first = (await log.positions(["a"]))["a"].epoch
    assert (await log.positions(["b"]))["b"].epoch == first
    await tell("a", 2)
    second = await log.renew_epoch()
    assert second != first
    assert await log.positions(["a"]) == {"a": log.Position(2, second)}, "numbers go on"
    assert (await sql("SELECT COUNT(*) AS n FROM live_log"))[0]["n"] == 1

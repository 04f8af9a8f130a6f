"""What the log keeps and drops: the oldest first, never a hole, and it says what is gone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from realtime import log, retention
from realtime.policies import Namespace
from realtime.retention import Rule, rules_of, trim
from realtime.sql import sql
from tests.realtime.events import kept, numbers, tell

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def test_old_events_go_and_young_ones_stay(db: None) -> None:
    for days in (9, 8, 6, 1, 0):
        await tell("topic:1", at=NOON - days * DAY)
    assert await trim(NOON, {"topic": Rule(max_age=7 * DAY)}) == 2
    assert await kept("topic:1") == [3, 4, 5]
    assert (await log.head("topic:1")).trimmed_to == 2
    assert await trim(NOON, {"topic": Rule(max_age=7 * DAY)}) == 0, "a second time there is nothing to do"


async def test_a_channel_keeps_so_many_of_its_last_events(db: None) -> None:
    await tell("topic:1", 12)
    await tell("topic:2", 5)
    assert await trim(NOON, {"topic": Rule(max_events=5)}) == 7
    assert await kept("topic:1") == [8, 9, 10, 11, 12]
    assert await kept("topic:2") == [1, 2, 3, 4, 5]


async def test_of_age_and_count_the_one_that_keeps_less_decides(db: None) -> None:
    await tell("topic:1", 6, at=NOON - 8 * DAY)
    await tell("topic:1", 2, at=NOON)
    await tell("topic:2", 9, at=NOON)
    await trim(NOON, {"topic": Rule(max_age=7 * DAY, max_events=4)})
    assert await kept("topic:1") == [7, 8]
    assert await kept("topic:2") == [6, 7, 8, 9]


async def test_each_namespace_has_its_rule_and_others_the_common_one_or_none(db: None) -> None:
    names = ("topic:1", "topic:2:x", "topics:1", "user:1", "latest", "$rights")
    for name in names:
        await tell(name, 4)
    await trim(NOON, {"topic": Rule(max_events=1), "latest": Rule(max_events=2)})
    assert [len(await kept(name)) for name in names] == [1, 1, 4, 4, 2, 4]
    await trim(NOON, {"topic": Rule(), "latest": Rule(max_events=2), "": Rule(max_events=3)})
    assert [len(await kept(name)) for name in names] == [1, 1, 3, 3, 2, 3]


async def test_the_policies_are_the_rules() -> None:
    async def nobody(channel: str) -> None:
        return None

    namespaces = {"topic": Namespace(nobody, max_age=DAY, max_events=9), "chat": Namespace(nobody)}
    assert rules_of(namespaces) == {"topic": Rule(DAY, 9), "chat": Rule()}


async def test_a_channel_trimmed_empty_knows_its_last_number(db: None) -> None:
    await tell("topic:1", 3, at=NOON - 8 * DAY)
    before = await log.head("topic:1")
    await trim(NOON, {"topic": Rule(max_age=7 * DAY)})
    assert await kept("topic:1") == []
    assert await log.head("topic:1") == log.Head(3, before.epoch, 3)
    await tell("topic:1")
    assert await kept("topic:1") == [4]


async def test_whoever_is_below_what_was_trimmed_can_tell(db: None) -> None:
    await tell("topic:1", 9)
    await trim(NOON, {"topic": Rule(max_events=4)})
    assert [event.offset for event in await log.after("topic:1", 2, 2)] == [6, 7], "not 3: it comes too late"
    assert [event.offset for event in await log.after("topic:1", 5, 2)] == [6, 7], "nothing is missing"
    assert [event.offset for event in await log.before("topic:1", 8, 5)] == [7, 6], "the past ends there"
    await trim(NOON, {"topic": Rule(max_events=0)})
    assert await log.after("topic:1", 5, 2) == []
    assert (await log.head("topic:1")).offset == 9, "none is left, although more have come"


async def test_a_clock_that_was_ahead_makes_no_hole(db: None) -> None:
    await tell("topic:1", 2, at=NOON - 9 * DAY)
    await tell("topic:1", 1, at=NOON + 1 * DAY)
    await tell("topic:1", 2, at=NOON - 8 * DAY)
    await trim(NOON, {"topic": Rule(max_age=7 * DAY)})
    assert await kept("topic:1") == [3, 4, 5], "what it dated stays, and all that follows"
    await trim(NOON + 9 * DAY, {"topic": Rule(max_age=7 * DAY)})
    assert await kept("topic:1") == []


async def test_writers_go_on_while_much_is_dropped(db: None) -> None:
    await tell("topic:1", 6 * retention.BATCH)
    await tell("topic:2", 40)
    trimming = asyncio.create_task(trim(NOON, {"topic": Rule(max_events=10)}))
    written = 0
    while not trimming.done():
        await tell("topic:1")
        written += 1
    # What was written before the counting began pushes as many old ones out.
    early = await trimming - (6 * retention.BATCH - 10 + 30)
    assert 0 <= early <= written
    assert written >= 2, "the first had its turn before all was dropped"
    first, last = 6 * retention.BATCH - 9 + early, 6 * retention.BATCH + written
    assert await kept("topic:1") == list(range(first, last + 1)), "numbers never stop"
    assert await kept("topic:2") == list(range(31, 41))


async def test_a_trim_that_is_stopped_leaves_every_channel_whole(db: None) -> None:
    for n in range(30):
        await tell(f"topic:{n}", 100)
    for turns in (1, 5, 25, 60, 100, 200):
        trimming = asyncio.create_task(trim(NOON, {"topic": Rule(max_events=90 - turns // 5)}))
        for _turn in range(turns):
            await asyncio.sleep(0)
        trimming.cancel()
        await asyncio.gather(trimming, return_exceptions=True)
        for n in range(30):
            await kept(f"topic:{n}")
    await trim(NOON, {"topic": Rule(max_events=3)})
    assert [len(await kept(f"topic:{n}")) for n in range(30)] == [3] * 30


async def test_trims_and_writers_of_the_same_channels_never_wait_in_a_ring(db: None) -> None:
    names = [f"topic:{n}" for n in (3, 1, 12, 2, 11)]

    async def write(n: int) -> None:
        for _time in range(10):
            async with log.transaction() as record:
                for name in names[n:] + names[:n]:
                    record(name, "post.created")

    rules = {"topic": Rule(max_events=2)}

    async def drop() -> None:
        for _time in range(10):
            await trim(NOON, rules)

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(n) for n in range(5)), drop(), drop())
    await trim(NOON, rules)
    assert [await kept(name) for name in names] == [[49, 50]] * 5


@pytest.mark.parametrize("channels", [retention.PAGE - 1, retention.PAGE, 2 * retention.PAGE + 1])
async def test_every_channel_is_looked_at_whatever_their_number(db: None, channels: int) -> None:
    async with log.transaction() as record:
        for n in range(channels):
            for _time in range(3):
                record(f"topic:{n}", "post.created")
    assert await trim(NOON, {"topic": Rule(max_events=1)}) == 2 * channels
    assert (await sql("SELECT COUNT(*) AS n FROM live_events"))[0]["n"] == channels
    assert await numbers(f"topic:{channels - 1}") == [3]

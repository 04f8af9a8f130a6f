"""Jobs that come again: once in each period, and never given up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from forum import jobs, retention
from forum.clock import now, set_clock
from realtime import log
from realtime.sql import sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question
from tests.people import signed_in

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """A test sets the time; afterwards it is right again."""
    yield
    set_clock(None)


def it_is(moment: datetime) -> None:
    """From here on."""
    set_clock(lambda: moment)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the only job that comes again was done."""
    done: list[datetime] = []

    async def go_round() -> None:
        done.append(now())

    monkeypatch.setattr(jobs, "_known", {"round": go_round})
    monkeypatch.setattr(jobs, "_periods", {"round": HOUR})
    return done


async def test_it_is_done_once_in_each_period_whatever_the_number_of_processes(
    db: None, rounds: list[datetime]
) -> None:
    it_is(MORNING)
    for _process in range(3):
        await jobs.schedule()
    for minutes in (0, 20, 59, 61, 90, 130):
        it_is(MORNING + timedelta(minutes=minutes))
        await jobs.run_due()
    assert rounds == [MORNING + timedelta(minutes=minutes) for minutes in (0, 61, 130)]
    assert (await sql("SELECT COUNT(*) AS n FROM jobs"))[0]["n"] == 1


async def test_one_that_fails_comes_back_for_ever(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[datetime] = []

    async def fail() -> None:
        tries.append(now())
        raise OSError("no room")

    monkeypatch.setattr(jobs, "_known", {"round": fail})
    monkeypatch.setattr(jobs, "_periods", {"round": HOUR})
    it_is(MORNING)
    await jobs.schedule()
    for n in range(20):
        it_is(MORNING + n * timedelta(minutes=6))
        await jobs.run_due()
    assert len(tries) == 20
    assert "no room" in (await sql("SELECT last_error FROM jobs"))[0]["last_error"]


async def test_asked_for_by_name_it_is_done_now(db: None, rounds: list[datetime]) -> None:
    assert await jobs.run_due("round") == 1
    assert len(rounds) == 1


async def test_retries_sessions_and_events_are_forgotten_when_their_time_is_over(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    await signed_in(site, "alice")
    async with program_of(site, "bob") as bob:
        reply = {"topic_id": topic.id, "raw": "We did it in 2023."}
        await bob.post("/posts.json", json=reply, headers={"Idempotency-Key": "k"})
    start = now()
    kept = await _counts()
    assert all(kept.values()), kept
    await _tidy(start + timedelta(hours=23))
    assert await _counts() == kept
    await _tidy(start + timedelta(hours=25))
    assert await _counts() == {**kept, "idempotency_keys": 0}
    await _tidy(start + timedelta(days=8))
    assert await _counts() == {"idempotency_keys": 0, "sessions": kept["sessions"], "live_events": 0}
    await _tidy(start + timedelta(days=31))
    assert await _counts() == {"idempotency_keys": 0, "sessions": 0, "live_events": 0}
    positions = await log.positions([f"topic:{topic.id}"])
    assert positions[f"topic:{topic.id}"].offset == 2, "numbers go on from where they were"


async def _tidy(moment: datetime) -> None:
    it_is(moment)
    for job in (retention.forget_retries, retention.forget_sessions, retention.trim_log):
        await job()


async def _counts() -> dict[str, int]:
    tables = ("idempotency_keys", "sessions", "live_events")
    return {name: (await sql(f"SELECT COUNT(*) AS n FROM {name}"))[0]["n"] for name in tables}

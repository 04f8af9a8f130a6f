"""Jobs: enqueued in the transaction of the change that asks for them, run after it.

A job is claimed by its row (a lease), tried again with back-off when it fails, and deleted when done;
each may be run twice if a process dies in the middle, so each must be harmless the second time.

Some come again: their row is made at start and stays, due anew one period after each run, so that a period
sees one run whatever the number of processes.

Jobs are run one after the other, those of each lane by themselves: what may wait long for somebody outside
(a mail server) has a lane of its own, so that it holds up nothing else.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson

from forum.clock import now
from realtime import log
from realtime.sql import as_datetime, dialect, places, sql

LEASE = timedelta(minutes=5)
IDLE_SECONDS = 0.5
MAX_ATTEMPTS = 8
# When a job that comes again failed: it is never given up.
RETRY = timedelta(minutes=5)

Run = Callable[..., Awaitable[None]]
logger = logging.getLogger("relais.jobs")

_known: dict[str, Run] = {}
_periods: dict[str, timedelta] = {}
_on_demand: set[str] = set()
_lanes: dict[str, str] = {}


def job(name: str, lane: str = "") -> Callable[[Run], Run]:
    """Declare the function that runs the jobs of this name; called with their payload."""

    def declare(run: Run) -> Run:
        _known[name], _lanes[name] = run, lane
        return run

    return declare


def every(period: timedelta, name: str, lane: str = "") -> Callable[[Run], Run]:
    """Declare a job that comes again, this long after each time that it was done; it has no payload."""
    _periods[name] = period
    return job(name, lane)


def on_demand(name: str) -> Callable[[Run], Run]:
    """Declare a job that is done when somebody asks for it by name; it has no payload."""
    _on_demand.add(name)
    return job(name)


def lanes() -> list[str]:
    """The lanes of the jobs that are known."""
    return sorted(set(_lanes.values()))


def lane_of(name: str) -> str:
    """The lane in which the jobs of this name run."""
    return _lanes.get(name, "")


def job_names() -> list[str]:
    """The names that `relais jobs run` knows."""
    return sorted(_known)


def period_of(name: str) -> timedelta | None:
    """After how long the job comes again, if it does."""
    return _periods.get(name)


def is_on_demand(name: str) -> bool:
    """Whether the job is done when somebody asks for it by name, and never else."""
    return name in _on_demand


async def hasten(name: str) -> bool:
    """A step of running a job now: those that wait are due, one without a row gets one; False when one runs.

    The row that comes again is due one period after this run.
    """
    rows = await sql("SELECT locked_until FROM jobs WHERE name = {0}", name)
    if any(row["locked_until"] and as_datetime(row["locked_until"]) > now() for row in rows):
        return False
    if rows:
        await sql(
            "UPDATE jobs SET run_at = {1} WHERE name = {0} AND (locked_until IS NULL OR locked_until < {1})",
            name,
            now(),
        )
    else:
        await enqueue(name)
    return True


async def enqueue(name: str, delay: timedelta = timedelta(0), **payload: int | str) -> None:
    """Ask for a job, within the caller's transaction: it exists if, and only if, the change does."""
    await sql(
        "INSERT INTO jobs (name, payload, run_at, attempts, last_error, created_at)"
        " VALUES ({0}, {1}, {2}, 0, '', {3})",
        name,
        orjson.dumps(payload).decode(),
        now() + delay,
        now(),
    )


async def schedule() -> None:
    """Make the rows of the jobs that come again, where they are missing. Called before a site is served."""
    async with log.transaction():
        if dialect() == "postgres":
            await sql("LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE")
        there = {row["name"] for row in await sql("SELECT DISTINCT name FROM jobs")}
        for name in sorted(_periods.keys() - there):
            await enqueue(name)


async def run_forever(lane: str = "") -> None:
    """Run the jobs of a lane as they come, until cancelled; an error of the database only delays them."""
    names = [name for name in _known if lane_of(name) == lane]
    while True:
        try:
            worked = await _run_next(names)
        except Exception:
            logger.exception("jobs cannot be read")
            worked = False
        if not worked:
            await asyncio.sleep(IDLE_SECONDS)


async def run_due(name: str | None = None) -> int:
    """Run every job that is due (of that name, if one is given); how many were.

    One that needs no payload and is asked for by name is run now, due or not.
    """
    if name is not None and (name in _periods or name in _on_demand):
        await _known[name]()
        return 1
    names = [name] if name is not None else list(_known)
    done = 0
    while await _run_next(names):
        done += 1
    return done


async def _run_next(names: Sequence[str]) -> bool:
    """Claim and run one due job of these names; False when there is none."""
    claimed = await _claim(names)
    if claimed is None:
        return False
    claimed["started_at"], started = now(), time.monotonic()
    try:
        await _known[claimed["name"]](**orjson.loads(claimed["payload"]))
    except Exception as error:
        logger.exception("job failed", extra={"job": claimed["name"], "job_id": claimed["id"]})
        await _put_back(claimed, error, time.monotonic() - started)
    else:
        await _finish(claimed, time.monotonic() - started)
    return True


async def _finish(claimed: dict[str, Any], seconds: float) -> None:
    """Done: forgotten, or due again one period from now."""
    period = _periods.get(claimed["name"])
    async with log.transaction():
        if period is None:
            await sql("DELETE FROM jobs WHERE id = {0}", claimed["id"])
        else:
            await sql(
                "UPDATE jobs SET run_at = {1}, locked_until = NULL, attempts = 0, last_error = ''"
                " WHERE id = {0}",
                claimed["id"],
                now() + period,
            )
        await _note_run(claimed, seconds)


async def _note_run(claimed: dict[str, Any], seconds: float, error: str = "") -> None:
    """How it went; what was wrong the last time stays until it goes wrong again."""
    failed = ", error = excluded.error, failed_at = excluded.failed_at" if error else ""
    await sql(
        f"""INSERT INTO job_runs (name, started_at, seconds, error, failed_at)
            VALUES ({{0}}, {{1}}, {{2}}, {{3}}, {{4}}) ON CONFLICT (name) DO UPDATE
            SET started_at = excluded.started_at, seconds = excluded.seconds{failed}""",
        claimed["name"],
        claimed["started_at"],
        round(seconds, 3),
        error,
        now() if error else None,
    )


async def _claim(names: Sequence[str]) -> dict[str, Any] | None:
    skip = " FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""
    due = (
        "SELECT id FROM jobs WHERE run_at <= {0} AND (locked_until IS NULL OR locked_until < {0})"
        f" AND attempts < {MAX_ATTEMPTS} AND name IN {places(1, len(names))} ORDER BY run_at, id LIMIT 1"
    )
    if not await sql(due, now(), *names):
        return None
    async with log.transaction():
        rows = await sql(
            f"""UPDATE jobs SET locked_until = {{{len(names) + 1}}}, attempts = attempts + 1
                WHERE id = ({due}{skip}) RETURNING id, name, payload, attempts""",
            now(),
            *names,
            now() + LEASE,
        )
    return rows[0] if rows else None


async def _put_back(claimed: dict[str, Any], error: Exception, seconds: float) -> None:
    wait = timedelta(seconds=min(3600, 2 ** claimed["attempts"]))
    attempts = 0 if claimed["name"] in _periods else claimed["attempts"]
    async with log.transaction():
        await sql(
            "UPDATE jobs SET locked_until = NULL, run_at = {1}, last_error = {2}, attempts = {3}"
            " WHERE id = {0}",
            claimed["id"],
            now() + (wait if attempts else RETRY),
            repr(error)[:500],
            attempts,
        )
        await _note_run(claimed, seconds, repr(error)[:500])

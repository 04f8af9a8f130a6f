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
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson

from forum.clock import now
from realtime import log
from realtime.sql import dialect, places, sql

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
    try:
        await _known[claimed["name"]](**orjson.loads(claimed["payload"]))
    except Exception as error:
        logger.exception("job failed", extra={"job": claimed["name"], "job_id": claimed["id"]})
        await _put_back(claimed, error)
    else:
        await _finish(claimed)
    return True


async def _finish(claimed: dict[str, Any]) -> None:
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


async def _put_back(claimed: dict[str, Any], error: Exception) -> None:
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

"""The jobs as administrators look at them: when each ran, how long, what went wrong, when it comes again."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from forum.administration.words import job_words
from forum.clock import now
from forum.jobs import MAX_ATTEMPTS, is_on_demand, job_names, period_of
from realtime.sql import as_datetime, sql


class JobLine(Struct, frozen=True):
    """The jobs of one name.

    Args:
        waiting: how many are to be done, `given_up` how many never will.
        minutes: how often it comes again; 0 for what comes only when it is asked for.
        seconds: how long it took the last time.
        by_hand: whether it can be run now.
    """

    name: str
    words: str
    minutes: int
    waiting: int
    given_up: int
    running: bool
    next_at: datetime | None
    ran_at: datetime | None
    seconds: float
    error: str
    failed_at: datetime | None
    by_hand: bool


async def job_lines() -> list[JobLine]:
    """Each job that there is, by name."""
    rows = await sql(
        f"""SELECT name, SUM(CASE WHEN attempts < {MAX_ATTEMPTS} THEN 1 ELSE 0 END) AS waiting,
            SUM(CASE WHEN attempts < {MAX_ATTEMPTS} THEN 0 ELSE 1 END) AS given_up,
            MIN(CASE WHEN attempts < {MAX_ATTEMPTS} THEN run_at END) AS next_at,
            MAX(locked_until) AS locked_until FROM jobs GROUP BY name"""
    )
    waiting = {row["name"]: row for row in rows}
    ran = {row["name"]: row for row in await sql("SELECT * FROM job_runs")}
    return [_line(name, waiting.get(name, {}), ran.get(name, {})) for name in job_names()]


def _line(name: str, waiting: dict[str, Any], ran: dict[str, Any]) -> JobLine:
    period, locked = period_of(name), _time(waiting.get("locked_until"))
    return JobLine(
        name=name,
        words=job_words(name),
        minutes=int(period.total_seconds() // 60) if period else 0,
        waiting=int(waiting.get("waiting") or 0),
        given_up=int(waiting.get("given_up") or 0),
        running=locked is not None and locked > now(),
        next_at=_time(waiting.get("next_at")),
        ran_at=_time(ran.get("started_at")),
        seconds=float(ran.get("seconds") or 0),
        error=ran.get("error") or "",
        failed_at=_time(ran.get("failed_at")),
        by_hand=period is not None or is_on_demand(name),
    )


def _time(value: Any) -> datetime | None:
    return as_datetime(value) if value else None

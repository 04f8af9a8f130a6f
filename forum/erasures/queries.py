"""Erasures that are planned."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.clock import now
from forum.erasures.models import Cause
from realtime.sql import as_datetime, sql

# How long an inactive member is warned before their account is erased: at first, and once more.
FIRST_WARNING, LAST_WARNING = timedelta(days=30), timedelta(days=7)


class Planned(Struct, frozen=True):
    """An account that is going to be erased."""

    id: int
    user_id: int
    cause: Cause
    due_at: datetime


async def planned_erasure(user_id: int) -> Planned | None:
    """A member's, if there is one."""
    rows: list[dict[str, Any]] = await sql(
        "SELECT id, user_id, cause, due_at FROM erasures WHERE user_id = {0}", user_id
    )
    return _planned(rows[0]) if rows else None


async def erasures_to_do() -> list[Planned]:
    """Those that are due or were begun, the oldest first."""
    rows = await sql(
        """SELECT id, user_id, cause, due_at FROM erasures WHERE due_at <= {0} OR started_at IS NOT NULL
            ORDER BY due_at, id""",
        now(),
    )
    return [_planned(row) for row in rows]


def _planned(row: dict[str, Any]) -> Planned:
    return Planned(row["id"], row["user_id"], Cause(row["cause"]), as_datetime(row["due_at"]))

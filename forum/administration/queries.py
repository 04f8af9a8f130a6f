"""The live log as the administration's page shows it."""

from datetime import datetime

from msgspec import Struct

from realtime import log
from realtime.sql import as_datetime, sql

# Counting goes no further than this: the page is asked again every two seconds.
COUNTED = 100_000


class LogState(Struct, frozen=True):
    """What the log holds; `more` when there are more events than were counted."""

    epoch: str
    kept: int
    more: bool
    oldest: datetime | None


async def log_state() -> LogState:
    """The log now."""
    epoch = (await log.positions(["latest"]))["latest"].epoch
    rows = await sql(
        f"""SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM live_events LIMIT {COUNTED + 1}) AS counted) AS kept,
            (SELECT MIN(created_at) FROM live_events) AS oldest"""
    )
    kept, oldest = rows[0]["kept"], rows[0]["oldest"]
    return LogState(epoch, min(kept, COUNTED), kept > COUNTED, as_datetime(oldest) if oldest else None)

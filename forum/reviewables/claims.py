"""An item taken in hand: held for whoever looks at it, so that two do not decide it at once."""

from datetime import datetime, timedelta
from typing import Any

from forum.clock import now
from realtime.sql import as_datetime

# It lets go by itself.
CLAIM_LASTS = timedelta(minutes=15)


def lapsed() -> datetime:
    """Claims made before this moment hold nothing any more."""
    return now() - CLAIM_LASTS


def claimer(row: dict[str, Any]) -> tuple[int | None, str]:
    """Who holds the item, and their name; nobody if the claim has lapsed.

    Args:
        row: with claimed_by_id, claimed_at, claimer_name, claimer_username.
    """
    if row["claimed_at"] is None or as_datetime(row["claimed_at"]) <= lapsed():
        return None, ""
    return row["claimed_by_id"], row["claimer_name"] or row["claimer_username"] or ""

"""An item taken in hand: held for whoever looks at it, so that two do not decide it at once."""

from datetime import datetime, timedelta
from typing import Any

from forum.clock import now
from forum.errors import Conflict
from forum.i18n import gettext as _
from realtime.sql import as_datetime, sql

# It lets go by itself.
CLAIM_LASTS = timedelta(minutes=15)


def lapsed() -> datetime:
    """Claims made before this moment hold nothing any more."""
    return now() - CLAIM_LASTS


async def take_in_hand(table: str, is_open: str, item_id: int, member_id: int) -> None:
    """Hold an item of one of the queues, within the caller's transaction.

    Args:
        table: with claimed_by_id and claimed_at.
        is_open: the SQL condition of what is not decided yet.

    Raises:
        Conflict: somebody else holds it, or it was decided a moment ago.
    """
    rows = await sql(
        f"""UPDATE {table} SET claimed_by_id = {{1}}, claimed_at = {{2}} WHERE id = {{0}} AND {is_open}
            AND (claimed_by_id IS NULL OR claimed_by_id = {{1}} OR claimed_at < {{3}}) RETURNING id""",
        item_id,
        member_id,
        now(),
        lapsed(),
    )
    if not rows:
        raise Conflict(_("A colleague has taken this item in hand or decided it a moment ago."))


def claimer(row: dict[str, Any]) -> tuple[int | None, str]:
    """Who holds the item, and their name; nobody if the claim has lapsed.

    Args:
        row: with claimed_by_id, claimed_at, claimer_name, claimer_username.
    """
    if row["claimed_at"] is None or as_datetime(row["claimed_at"]) <= lapsed():
        return None, ""
    return row["claimed_by_id"], row["claimer_name"] or row["claimer_username"] or ""

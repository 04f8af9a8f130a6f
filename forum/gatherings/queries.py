"""Who comes to a gathering, and who waits."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from forum.accounts.nobody import shown_name
from forum.clock import now
from realtime.sql import sql


class SeatCard(Struct, frozen=True):
    """Somebody who comes or waits."""

    user_id: int
    username: str
    name: str
    affiliation: str
    waiting: bool


async def seats_of(topic_id: int) -> Mapping[str, Any]:
    """Those who come, those who wait, in their order, and what came out of it."""
    rows = await sql(
        """SELECT s.user_id, s.waiting, u.username, u.name, u.affiliation FROM seats s
            JOIN users u ON u.id = s.user_id WHERE s.topic_id = {0} ORDER BY s.id""",
        topic_id,
    )
    cards = [
        SeatCard(
            row["user_id"],
            row["username"],
            shown_name(row["name"], row["username"]),
            row["affiliation"],
            bool(row["waiting"]),
        )
        for row in rows
    ]
    told = await sql("SELECT outcome, starts_at, ends_at FROM gatherings WHERE topic_id = {0}", topic_id)
    return {
        "coming": [card for card in cards if not card.waiting],
        "waiting": [card for card in cards if card.waiting],
        "outcome": told[0]["outcome"] if told else "",
        "over": bool(told) and is_over(told[0]["ends_at"] or told[0]["starts_at"]),
    }


def is_over(last: str) -> bool:
    """Whether the day of a gathering's last hour is gone (UTC: an hour or two later in France)."""
    return last[:10] < now().date().isoformat()


async def outcome_missing(topic_id: int) -> bool:
    """Whether nobody has said yet what came out of it."""
    rows = await sql("SELECT 1 FROM gatherings WHERE topic_id = {0} AND outcome = ''", topic_id)
    return bool(rows)

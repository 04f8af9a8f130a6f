"""Who comes to a gathering, and who waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from forum.accounts.nobody import shown_name
from forum.clock import now
from forum.gatherings.outcome import pieces_of
from realtime.sql import sql


class SeatCard(Struct, frozen=True):
    """Somebody who comes or waits."""

    user_id: int
    username: str
    name: str
    affiliation: str
    waiting: bool
    organisation_id: int | None
    organisation: str
    organisation_slug: str

    @property
    def about(self) -> str:
        """For whom they come: an organisation, else what their profile says."""
        return self.organisation or self.affiliation


class Party(Struct, frozen=True):
    """An organisation that takes part, with how many people."""

    id: int
    name: str
    slug: str
    people: int


async def seats_of(topic_id: int) -> Mapping[str, Any]:
    """Those who come, those who wait, in their order, and what came out of it."""
    rows = await sql(
        """SELECT s.user_id, s.waiting, u.username, u.name, u.affiliation, o.id AS organisation_id,
                o.name AS organisation, o.slug FROM seats s JOIN users u ON u.id = s.user_id
            LEFT JOIN organisations o ON o.id = s.organisation_id WHERE s.topic_id = {0} ORDER BY s.id""",
        topic_id,
    )
    cards = [
        SeatCard(
            row["user_id"],
            row["username"],
            shown_name(row["name"], row["username"]),
            row["affiliation"],
            bool(row["waiting"]),
            row["organisation_id"],
            row["organisation"] or "",
            row["slug"] or "",
        )
        for row in rows
    ]
    told = await sql("SELECT outcome, starts_at, ends_at FROM gatherings WHERE topic_id = {0}", topic_id)
    coming, waiting = [card for card in cards if not card.waiting], [card for card in cards if card.waiting]
    parties = parties_of(coming)
    return {
        "coming": coming,
        "waiting": waiting,
        "parties": parties,
        "shape": {
            "coming_count": len(coming),
            "waiting_count": len(waiting),
            "organisations": [asdict(party) for party in parties],
        },
        "outcome": told[0]["outcome"] if told else "",
        "outcome_pieces": pieces_of(told[0]["outcome"]) if told else [],
        "over": bool(told) and is_over(told[0]["ends_at"] or told[0]["starts_at"], now()),
    }


def parties_of(coming: Sequence[SeatCard]) -> list[Party]:
    """The organisations that take part: the most people first, then in the order in which they came."""
    counts = Counter(card.organisation_id for card in coming if card.organisation_id is not None)
    faces = {card.organisation_id: card for card in reversed(coming)}
    return [
        Party(id, faces[id].organisation, faces[id].organisation_slug, people)
        for id, people in counts.most_common()
    ]


def is_over(last: str, at: datetime) -> bool:
    """Whether the day of a gathering's last hour is gone by then (UTC: an hour or two later in France)."""
    return last[:10] < at.date().isoformat()


async def outcome_missing(topic_id: int) -> bool:
    """Whether nobody has said yet what came out of it."""
    rows = await sql("SELECT 1 FROM gatherings WHERE topic_id = {0} AND outcome = ''", topic_id)
    return bool(rows)

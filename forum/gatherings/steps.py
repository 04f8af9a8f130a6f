"""The waiting list, within whoever holds the topic's lock."""

from collections.abc import Sequence

from msgspec import Struct

from forum.gatherings.queries import SeatCard, seats_of
from forum.notifications.actions import notify_member
from forum.notifications.models import NotificationType
from realtime.log import Record
from realtime.sql import sql


class Room(Struct, frozen=True):
    """How many places there are, and how many of them for one organisation; None: as many as come."""

    places: int | None
    each: int | None

    def has_place(self, coming: Sequence[SeatCard], organisation_id: int | None) -> bool:
        """Whether one more may come, for this organisation."""
        same = sum(1 for card in coming if card.organisation_id == organisation_id)
        crowded = self.each is not None and organisation_id is not None and same >= self.each
        return not crowded and (self.places is None or len(coming) < self.places)


async def room_of(topic_id: int) -> Room | None:
    """Of a gathering that is not concluded."""
    rows = await sql(
        "SELECT places, organisation_places FROM gatherings WHERE topic_id = {0} AND state = ''",
        topic_id,
    )
    return Room(rows[0]["places"], rows[0]["organisation_places"]) if rows else None


async def serve_waiting(record: Record, actor_id: int, topic_id: int) -> None:
    """Give the free places to those who wait, in their order, and tell them.

    Whoever waits for a place of their own organisation holds up nobody of another.
    """
    room, seats = await room_of(topic_id), await seats_of(topic_id)
    coming = list(seats["coming"])
    for card in seats["waiting"]:
        if room is not None and room.has_place(coming, card.organisation_id):
            coming.append(card)
            await _serve(record, actor_id, topic_id, card.user_id)


async def _serve(record: Record, actor_id: int, topic_id: int, user_id: int) -> None:
    await sql(
        "UPDATE seats SET waiting = {2} WHERE topic_id = {0} AND user_id = {1}", topic_id, user_id, False
    )
    await notify_member(NotificationType.SEAT_FREED, user_id, topic_id, actor_id, record)

"""The waiting list, within whoever holds the topic's lock."""

from forum.gatherings.queries import seats_of
from forum.notifications.actions import notify_member
from forum.notifications.models import NotificationType
from realtime.log import Record
from realtime.sql import sql


async def serve_waiting(record: Record, actor_id: int, topic_id: int) -> None:
    """Give the free places to those who wait, in their order, and tell them."""
    rows = await sql("SELECT places FROM gatherings WHERE topic_id = {0}", topic_id)
    seats = await seats_of(topic_id)
    places = rows[0]["places"] if rows else 0
    free = len(seats["waiting"]) if places is None else places - len(seats["coming"])
    for card in seats["waiting"][: max(0, free)]:
        await sql(
            "UPDATE seats SET waiting = {2} WHERE topic_id = {0} AND user_id = {1}",
            topic_id,
            card.user_id,
            False,
        )
        await notify_member(NotificationType.SEAT_FREED, card.user_id, topic_id, actor_id, record)

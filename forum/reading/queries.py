"""How far a member has read, and how closely they follow."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.reading.models import NotificationLevel
from realtime.sql import sql


class ReadState(Struct, frozen=True):
    """A member and a topic: `unread` posts after the last one read; `new` when never opened.

    `pin_cleared` once they have unpinned it for themselves.
    """

    last_read: int
    unread: int
    new: bool
    level: int
    reason: int | None
    pin_cleared: bool = False


async def read_states(viewer: Viewer, topics: Iterable[tuple[int, int]]) -> dict[int, ReadState]:
    """The viewer's state for each topic of a list (empty for visitors).

    Args:
        topics: (topic id, highest post number) of each row.
    """
    highest = dict(topics)
    if viewer.id is None or not highest:
        return {}
    rows = await sql(
        "SELECT topic_id, last_read_post_number, notification_level, notifications_reason, cleared_pinned_at"
        f" FROM topic_users WHERE user_id = {{0}} AND topic_id IN ({ids(frozenset(highest))})",
        viewer.id,
    )
    states = {row["topic_id"]: _state(row, highest[row["topic_id"]]) for row in rows}
    return {id: states.get(id) or ReadState(0, 0, True, NotificationLevel.NORMAL, None) for id in highest}


def _state(row: dict[str, Any], highest: int) -> ReadState:
    last_read, level = row["last_read_post_number"], row["notification_level"]
    follows = level >= NotificationLevel.TRACKING
    unread = max(0, highest - last_read) if follows or last_read else 0
    cleared = row["cleared_pinned_at"] is not None
    return ReadState(last_read, unread, False, level, row["notifications_reason"], cleared)

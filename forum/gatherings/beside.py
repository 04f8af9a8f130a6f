"""What stands beside a gathering: one's own place, the calendar, the conclusion."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.gatherings.kind import GATHERING
from forum.gatherings.permissions import may_come, may_conclude
from forum.gatherings.steps import Room
from forum.kinds.registry import Details, beside
from forum.organisations.members import memberships_of
from forum.topics.queries import TopicCard


@beside
async def gathering_side(
    viewer: Viewer, topic: TopicCard, details: Details | None
) -> tuple[str, Mapping[str, Any]] | None:
    """For this viewer."""
    if details is None or details.kind is not GATHERING:
        return None
    coming, allowed = details.extra["coming"], may_come(viewer, topic, details)
    queue = [card.user_id for card in details.extra["waiting"]]
    own = await memberships_of(viewer) if allowed else []
    room = Room(_number(details, "places"), _number(details, "organisation_places"))
    free = [room.has_place(coming, one.organisation_id) for one in own] or [room.has_place(coming, None)]
    return "gatherings/_seat.html", {
        "details": details,
        "may_come": allowed,
        "may_conclude": may_conclude(viewer, topic, details.state),
        "member_id": viewer.id,
        "comes": viewer.id in {card.user_id for card in coming},
        "rank": queue.index(viewer.id) + 1 if viewer.id in queue else 0,
        "full": not any(free),
        "crowded": Room(room.places, None).has_place(coming, None),
        "own": own,
    }


def _number(details: Details, name: str) -> int | None:
    value = details.values.get(name)
    return value if isinstance(value, int) else None

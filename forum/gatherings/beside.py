"""What stands beside a gathering: one's own place, the calendar, the conclusion."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.gatherings.kind import GATHERING
from forum.gatherings.permissions import may_come, may_conclude
from forum.kinds.registry import Details, beside
from forum.topics.queries import TopicCard


@beside
async def gathering_side(
    viewer: Viewer, topic: TopicCard, details: Details | None
) -> tuple[str, Mapping[str, Any]] | None:
    """For this viewer."""
    if details is None or details.kind is not GATHERING:
        return None
    places = details.values.get("places")
    coming = details.extra["coming"]
    queue = [card.user_id for card in details.extra["waiting"]]
    return "gatherings/_seat.html", {
        "details": details,
        "may_come": may_come(viewer, topic, details),
        "may_conclude": may_conclude(viewer, topic, details.state),
        "comes": viewer.id in {card.user_id for card in coming},
        "rank": queue.index(viewer.id) + 1 if viewer.id in queue else 0,
        "full": isinstance(places, int) and len(coming) >= places,
    }

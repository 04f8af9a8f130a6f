"""What a member of staff sees of the queue as it changes."""

from forum.live import Patches, presents, render, replace
from forum.reviewables.queries import waiting_for

BADGES = ("review-badge", "review-badge-bar")


@presents("review.changed", on="user")
async def show_waiting(user_id: int) -> Patches:
    """The badge with its whole state, at the top and in the phone's bar."""
    waiting = await waiting_for(user_id)
    return [replace(id, render("reviewables/_badge.html", id=id, waiting=waiting)) for id in BADGES]

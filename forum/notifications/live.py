"""What a member sees of their alerts as they come."""

from forum.live import Patches, presents, render, replace
from forum.notifications.queries import unread_count

BADGES = ("badge", "badge-bar")


@presents("notification.changed", on="user")
async def show_badge(user_id: int) -> Patches:
    """The badge with its whole state, at the top and in the phone's bar."""
    unread = await unread_count(user_id)
    return [replace(id, render("notifications/_badge.html", id=id, unread=unread)) for id in BADGES]

"""What an inviter sees of their invitations as they change."""

from forum.invitations.queries import invitations_of
from forum.live import Patches, presents, render, replace


@presents("invitation.changed", on="user")
async def show_invitations(user_id: int) -> Patches:
    """The whole list, where it is open."""
    lines = await invitations_of(user_id)
    return [replace("invitations", render("invitations/_list.html", lines=lines))]

"""Who may look at what staff know of a member. Pure."""

from forum.accounts.permissions import Member
from forum.accounts.viewer import Viewer


def may_see_conduct(viewer: Viewer, member: Member) -> bool:
    """Staff; nobody what is written about oneself, and moderators not what is written about staff."""
    if not viewer.signed_in or viewer.id == member.id:
        return False
    return viewer.admin or (viewer.moderator and not member.staff)

"""Who may invite, and to what. Pure."""

from forum.accounts.viewer import Viewer
from forum.groups.permissions import GroupFacts, may_choose_members


def may_invite(viewer: Viewer, rule: str) -> bool:
    """Staff; with the rule "members", every member who may write."""
    return viewer.signed_in and (viewer.staff or (rule == "members" and viewer.silenced is None))


def may_invite_to(viewer: Viewer, group: GroupFacts | None) -> bool:
    """To no group, whoever may invite; to one, whoever may put members in it."""
    return group is None or may_choose_members(viewer, group)

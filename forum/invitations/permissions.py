"""Who may invite, and to what. Pure."""

from forum.accounts.viewer import Viewer
from forum.groups.permissions import may_manage_groups


def may_invite(viewer: Viewer, rule: str) -> bool:
    """Staff; with the rule "members", every member who may write."""
    return viewer.signed_in and (viewer.staff or (rule == "members" and viewer.silenced is None))


def may_invite_to(viewer: Viewer, group_id: int | None) -> bool:
    """To no group, whoever may invite; to one, whoever may put members in it."""
    return group_id is None or may_manage_groups(viewer)

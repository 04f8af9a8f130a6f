"""Who may do what with groups. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer
from forum.groups.models import Admission


class GroupFacts(Protocol):
    """What the rules look at: of the group, and of the viewer in it."""

    @property
    def admission(self) -> Admission: ...
    @property
    def member(self) -> bool: ...
    @property
    def owner(self) -> bool: ...
    @property
    def owners_count(self) -> int: ...


def may_manage_groups(viewer: Viewer) -> bool:
    """Administrators: a group opens themes to its members."""
    return viewer.admin


def may_join(viewer: Viewer, group: GroupFacts) -> bool:
    """Any member of the site, where nobody is asked."""
    return viewer.signed_in and not group.member and group.admission is Admission.OPEN


def may_ask_to_join(viewer: Viewer, group: GroupFacts) -> bool:
    """Any member of the site who may write, where the owners are asked."""
    asks = group.admission is Admission.ON_REQUEST and not group.member
    return viewer.signed_in and viewer.silenced is None and asks


def may_leave(viewer: Viewer, group: GroupFacts) -> bool:
    """Whoever is in it; its last owner names another one first."""
    return group.member and (viewer.admin or not group.owner or group.owners_count > 1)


def may_choose_members(viewer: Viewer, group: GroupFacts) -> bool:
    """The group's owners, and administrators."""
    return viewer.admin or (viewer.signed_in and group.owner)

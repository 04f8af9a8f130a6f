"""Who may do what with an account. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class Member(Protocol):
    """What the rules look at."""

    @property
    def id(self) -> int: ...
    @property
    def staff(self) -> bool: ...


def may_suspend(viewer: Viewer, member: Member) -> bool:
    """Moderators, ordinary members; administrators, anyone; nobody themselves."""
    if viewer.id == member.id:
        return False
    return viewer.admin or (viewer.moderator and not member.staff)


def may_reset_factors(viewer: Viewer, member: Member) -> bool:
    """Administrators, for whoever has lost theirs; one's own are taken away on one's own page."""
    return viewer.admin and viewer.id != member.id


def may_erase(viewer: Viewer, member: Member) -> bool:
    """Erase another's account: administrators. One's own is asked for in the preferences."""
    return viewer.admin and viewer.id != member.id


def may_answer_for(viewer: Viewer, user_id: int | None) -> bool:
    """Sign out elsewhere, revoke a key, close the account: its owner, and administrators."""
    return viewer.admin or (viewer.signed_in and viewer.id == user_id)

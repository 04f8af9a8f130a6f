"""Roles and states of accounts in words."""

from forum.i18n import gettext as _
from forum.people.actions import Role


def role_words(role: str) -> str:
    """Whom a search for a role finds."""
    return {
        "": _("Anyone"),
        "admin": _("Administrators"),
        "moderator": _("Moderators"),
        "animator": _("Those who look after a theme"),
    }[role]


def state_words(state: str) -> str:
    """Whom a search for a state finds."""
    return {
        "": _("Any"),
        "suspended": _("Suspended"),
        "silenced": _("Silenced"),
        "inactive": _("Not seen for thirty days"),
        "closed": _("Closed accounts"),
    }[state]


def change_words(role: Role, given: bool) -> str:
    """What a button does."""
    return {
        (Role.ADMIN, True): _("Make administrator"),
        (Role.ADMIN, False): _("Administrator no longer"),
        (Role.MODERATOR, True): _("Make moderator"),
        (Role.MODERATOR, False): _("Moderator no longer"),
    }[role, given]

"""What the pages of preferences are given."""

from dataclasses import dataclass, field

from forum.i18n import gettext as _
from forum.preferences.queries import OpenSession
from forum.web import LiveChannel


@dataclass(frozen=True, slots=True)
class PreferenceLink:
    """One page of preferences, in the navigation between them."""

    path: str
    label: str


def preference_links() -> tuple[PreferenceLink, ...]:
    """The pages of preferences in their order: a new one is a line here."""
    return (
        PreferenceLink("/preferences/profile", _("Profile")),
        PreferenceLink("/preferences/account", _("Password and address")),
        PreferenceLink("/preferences/sessions", _("Sessions")),
        PreferenceLink("/preferences/deactivation", _("Close my account")),
    )


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """Where one is signed in."""

    sessions: list[OpenSession]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PreferenceLink, ...] = field(default_factory=preference_links)


@dataclass(frozen=True, slots=True)
class DeactivationPage:
    """Closing one's account; for a visitor, that it is done."""

    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PreferenceLink, ...] = field(default_factory=preference_links)

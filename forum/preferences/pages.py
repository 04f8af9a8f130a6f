"""What the pages of preferences are given."""

from msgspec import Struct, field

from forum.i18n import gettext as _
from forum.preferences.queries import OpenSession
from forum.web import LiveChannel, PageLink


def preference_links() -> tuple[PageLink, ...]:
    """The pages of preferences in their order: a new one is a line here."""
    return (
        PageLink("/preferences/profile", _("Profile")),
        PageLink("/preferences/organisations", _("Organisations")),
        PageLink("/preferences/account", _("Password and address")),
        PageLink("/preferences/second-factor", _("Second factor")),
        PageLink("/preferences/mail", _("Mails")),
        PageLink("/invites", _("Invitations")),
        PageLink("/preferences/sessions", _("Sessions")),
        PageLink("/preferences/data", _("My data")),
        PageLink("/preferences/deactivation", _("Close my account")),
        PageLink("/preferences/erasure", _("Erase my account")),
    )


class SessionsPage(Struct, frozen=True):
    """Where one is signed in."""

    sessions: list[OpenSession]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class DeactivationPage(Struct, frozen=True):
    """Closing one's account; for a visitor, that it is done."""

    months: int
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)

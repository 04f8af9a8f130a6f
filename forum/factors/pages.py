"""What the pages about second factors are given."""

from markupsafe import Markup
from msgspec import Struct, field

from forum.factors.queries import Factors
from forum.preferences.pages import preference_links
from forum.web import LiveChannel, PageLink


class FactorsPage(Struct, frozen=True):
    """A member's factors; `recent` when nothing is to be asked again before they are changed.

    `passkeys` is whether this address can have any: a number cannot.
    """

    factors: Factors
    recent: bool
    passkeys: bool
    channels: tuple[LiveChannel, ...]
    errors: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class ApplicationPage(Struct, frozen=True):
    """A secret that an application is to learn: drawn, and in groups to be typed."""

    drawing: Markup
    secret: str
    account: str
    channels: tuple[LiveChannel, ...]
    errors: dict[str, str] = field(default_factory=dict)
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class CodesPage(Struct, frozen=True):
    """Codes for paper, shown this once."""

    codes: list[str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class SecondStepPage(Struct, frozen=True):
    """What somebody who gave the right password may show now."""

    username: str
    has_application: bool
    has_passkey: bool
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

"""What the pages about passwords and addresses are given."""

from dataclasses import dataclass, field

from forum.preferences.pages import preference_links
from forum.single_sign_on.pages import ProviderPart
from forum.web import LiveChannel, PageLink


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """Which address to write to; `sent` once it was given."""

    email: str = ""
    sent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class ResetPage:
    """Whose password, for the browser's own keeper of passwords too."""

    username: str
    min_length: int
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class NewAddressPage:
    """Which account is to have which address."""

    username: str
    email: str
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A member's own address, and the forms that change it and the password."""

    email: str
    typed: str
    min_length: int
    password_errors: dict[str, str] = field(default_factory=dict)
    email_errors: dict[str, str] = field(default_factory=dict)
    provider: ProviderPart | None = None
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)

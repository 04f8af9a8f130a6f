"""What the pages about passwords and addresses are given."""

from msgspec import Struct, field

from forum.preferences.pages import preference_links
from forum.single_sign_on.pages import ProviderPart
from forum.web import LiveChannel, PageLink


class ForgottenPage(Struct, frozen=True):
    """Which address to write to; `sent` once it was given."""

    email: str = ""
    sent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class ResetPage(Struct, frozen=True):
    """Whose password, for the browser's own keeper of passwords too."""

    username: str
    min_length: int
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class NewAddressPage(Struct, frozen=True):
    """Which account is to have which address."""

    username: str
    email: str
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class AccountPage(Struct, frozen=True):
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

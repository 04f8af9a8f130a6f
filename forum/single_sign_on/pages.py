"""What the pages about the identity provider are given."""

from msgspec import Struct, field

from forum.single_sign_on.claims import Identity
from forum.single_sign_on.queries import Associated
from forum.web import LiveChannel


class FailedPage(Struct, frozen=True):
    """A sign-in that did not come to its end, and why."""

    sentence: str
    provider_name: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class ArrivalPage(Struct, frozen=True):
    """Whose account shall it be: `refusal` says why it can be no new one.

    `fresh` says that it may be tied to the viewer's account now, `has_password` that else the password does.
    """

    identity: Identity
    provider_name: str
    fresh: bool
    has_password: bool
    refusal: str
    username: str
    name: str
    charter: bool
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class LeavingPage(Struct, frozen=True):
    """Signed out here; the way to sign out there."""

    address: str
    provider_name: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class ProviderPart(Struct, frozen=True):
    """A member's identity on their page of preferences, None while there is none."""

    provider_name: str
    associated: Associated | None
    has_password: bool

"""What passes between pages and provider, without the libraries that speak to it: they take long to load."""

import logging
from secrets import token_urlsafe

from msgspec import Struct, field

from forum.errors import ForumError
from forum.i18n import gettext as _
from forum.single_sign_on.claims import Identity

logger = logging.getLogger("relais.single_sign_on")


class ProviderFault(ForumError):
    """Signing in through the provider did not come to its end; the sentence says why, nothing was made.

    `why` is for whoever looks after the site.
    """

    status = 403
    why = ""


class ProviderAway(ProviderFault):
    """The provider does not answer, or not as it should."""

    status = 503


class Departure(Struct, frozen=True):
    """What a browser takes along when it leaves for the provider, to be known again when it comes back."""

    state: str = field(default_factory=lambda: token_urlsafe(24))
    nonce: str = field(default_factory=lambda: token_urlsafe(24))
    verifier: str = field(default_factory=lambda: token_urlsafe(48))


class Vouched(Struct, frozen=True):
    """Whom the provider vouches for, and its token that says so."""

    identity: Identity
    id_token: str


def unproved(why: str) -> ProviderFault:
    """What does not hold is told to the log; the person is told to begin again."""
    logger.warning("a sign-in does not hold", extra={"error": why})
    return ProviderFault(
        _("This sign-in was used already, took too long, or cannot be proved. Start it again.")
    )

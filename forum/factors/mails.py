"""Mails about second factors: each change is told to the owner, who may not have made it."""

from msgspec import Struct

from forum.factors.codes import CODES
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.mail.kinds import Envelope, Letter, mail

# From so few on, the mail asks to make new ones.
FEW = 3


class FactorLetter(Struct, frozen=True):
    """What was done, in a title and a sentence; where one sees it, and the way to stop somebody else."""

    title: str
    sentence: str
    more: str
    factors: str
    reset: str


@mail("second_factor")
async def tell_of_factor(envelope: Envelope, change: str, name: str, left: int) -> Letter:
    """To the owner of the account."""
    title, sentence = _words(change, name)
    letter = FactorLetter(
        title,
        sentence,
        _codes(left) if change == "code_used" else "",
        envelope.address("/preferences/second-factor"),
        envelope.address("/password-reset"),
    )
    return Letter("second_factor.html", letter)


def _words(change: str, name: str) -> tuple[str, str]:
    added, removed = _("A second factor was added"), _("A second factor was taken away")
    return {
        "application_added": (added, _("Signing in now asks for the code of an authenticator app.")),
        "application_removed": (
            removed,
            _("Signing in no longer asks for the code of an authenticator app."),
        ),
        "passkey_added": (added, _("The passkey “%(name)s” can now be used to sign in.") % {"name": name}),
        "passkey_removed": (removed, _("The passkey “%(name)s” opens nothing any more.") % {"name": name}),
        "codes_renewed": (
            _("New recovery codes"),
            _("New recovery codes were made; the old ones open nothing any more."),
        ),
        "code_used": (
            _("A recovery code was used"),
            _("Somebody signed in with one of your recovery codes."),
        ),
        "reset": (
            _("Your second factor was taken away"),
            _("Whoever looks after the site took your second factors away and signed you out everywhere."),
        ),
    }[change]


def _codes(left: int) -> str:
    """How many are left; when few, what to do."""
    count = ngettext("%(n)d of %(all)d is left.", "%(n)d of %(all)d are left.", left) % {
        "n": left,
        "all": CODES,
    }
    return f"{count} {_('Make new ones before you need them.')}" if left <= FEW else count

"""Mails about identities: each that is tied or untied is told to the owner, who may not have done it."""

from msgspec import Struct

from forum.i18n import gettext as _
from forum.mail.actions import write_mail
from forum.mail.kinds import Envelope, Letter, mail
from realtime.sql import sql


class IdentityLetter(Struct, frozen=True):
    """What was done, in a title and a sentence; where one sees it, and the way to stop somebody else."""

    title: str
    sentence: str
    account: str
    reset: str


async def tell_owner(user_id: int, base_url: str, change: str, provider: str) -> None:
    """A step: write to the owner of an account, if it has an address, what was done.

    Args:
        change: "linked" or "unlinked".
        provider: its name, or its address.
    """
    rows = await sql("SELECT email, locale FROM users WHERE id = {0}", user_id)
    if rows and rows[0]["email"]:
        await write_mail(
            "identity", rows[0]["email"], base_url, rows[0]["locale"] or "", change=change, provider=provider
        )


@mail("identity")
async def tell_of_identity(envelope: Envelope, change: str, provider: str) -> Letter:
    """To the owner of the account."""
    title, sentence = _words(change)
    letter = IdentityLetter(
        title,
        sentence % {"name": provider},
        envelope.address("/preferences/account"),
        envelope.address("/password-reset"),
    )
    return Letter("identity.html", letter)


def _words(change: str) -> tuple[str, str]:
    if change == "linked":
        return _("An identity was linked to your account"), _("It can now be opened through %(name)s.")
    return _("An identity was unlinked from your account"), _("%(name)s opens it no longer.")

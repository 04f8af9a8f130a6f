"""Mails about what opens an account."""

from msgspec import Struct

from forum.credentials.queries import NEW_ADDRESS, RESET, account_at, account_numbered
from forum.errors import NotFound
from forum.mail.kinds import Envelope, Letter, mail
from forum.signups.mails import already_member


class LinkLetter(Struct, frozen=True):
    """Whose account, and the link that changes it."""

    username: str
    link: str


class NoticeLetter(Struct, frozen=True):
    """The way to undo what was done, for whoever did not do it."""

    reset: str


@mail("password_reset")
async def answer_forgotten_password(envelope: Envelope) -> Letter | None:
    """To a member who asked for another password; nobody else is written to."""
    account = await account_at(envelope.to)
    if account is None:
        return None
    link = envelope.link("/u/password-reset", RESET, account.reset_link)
    return Letter("password_reset.html", LinkLetter(account.username, link))


@mail("password_changed")
async def tell_of_new_password(envelope: Envelope) -> Letter:
    """To a member whose password has changed."""
    return Letter("password_changed.html", NoticeLetter(envelope.address("/password-reset")))


@mail("new_address")
async def answer_new_address(envelope: Envelope, user_id: int) -> Letter | None:
    """To the address that a member wants to have; its owner alone learns whether another member has it."""
    try:
        account = await account_numbered(user_id)
    except NotFound:
        return None
    if await account_at(envelope.to):
        return already_member(envelope)
    link = envelope.link("/u/confirm-new-email", NEW_ADDRESS, account.address_link(envelope.to))
    return Letter("new_address.html", LinkLetter(account.username, link))


@mail("address_changed")
async def tell_of_new_address(envelope: Envelope) -> Letter:
    """To the address that a member no longer uses."""
    return Letter("address_changed.html", NoticeLetter(envelope.address("/")))

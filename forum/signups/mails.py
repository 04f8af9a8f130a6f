"""The mail that answers a sign-up: it confirms an account, or says that there is one already."""

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from forum.signup_requests.queries import request_of_signup
from forum.signups.queries import CONFIRM, Waiting, signup_numbered
from realtime.sql import sql


class ConfirmationLetter(Struct, frozen=True):
    """Whose account, and the link that makes it."""

    signup: Waiting
    link: str


class MemberLetter(Struct, frozen=True):
    """For somebody who has an account: the way in."""

    sign_in: str
    reset: str


@mail("signup")
async def answer_signup(envelope: Envelope, signup_id: int) -> Letter | None:
    """To the address that was typed; only its owner learns whether it is a member's."""
    waiting = await signup_numbered(signup_id)
    if waiting is None or await request_of_signup(signup_id):
        return None
    if await sql("SELECT 1 FROM users WHERE email = {0}", waiting.email):
        return already_member(envelope)
    link = envelope.link("/u/activate-account", CONFIRM, waiting.link)
    return Letter("signup.html", ConfirmationLetter(waiting, link))


def already_member(envelope: Envelope) -> Letter:
    """To somebody whose address was typed where a new one was asked for."""
    page = MemberLetter(envelope.address("/session/new"), envelope.address("/password-reset"))
    return Letter("already_member.html", page)

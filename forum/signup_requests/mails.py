"""The mails that say what was decided about a request for an account."""

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from forum.signup_requests.queries import APPEAL, LONGEST_WAIT, request_of_signup
from realtime.sql import sql


class WelcomeLetter(Struct, frozen=True):
    """The account, and the way in."""

    name: str
    username: str
    sign_in: str


class RefusedLetter(Struct, frozen=True):
    """The reason, and the page where an appeal can be made; no address once one was."""

    name: str
    reason: str
    appeal: str


class UnansweredLetter(Struct, frozen=True):
    """How many days nobody has decided, and where one may ask again."""

    days: int
    again: str


@mail("signup_approved")
async def tell_approval(envelope: Envelope, user_id: int) -> Letter | None:
    """To the new member; nothing if they are gone already."""
    rows = await sql("SELECT username, name FROM users WHERE id = {0}", user_id)
    if not rows:
        return None
    page = WelcomeLetter(rows[0]["name"], rows[0]["username"], envelope.address("/session/new"))
    return Letter("signup_approved.html", page)


@mail("signup_refused")
async def tell_refused(envelope: Envelope, signup_id: int) -> Letter | None:
    """To whoever asked; nothing once it is looked at again, or forgotten."""
    request = await request_of_signup(signup_id)
    if request is None or request.open:
        return None
    link = envelope.link("/signup/appeal", APPEAL, request.appeal) if request.may_appeal else ""
    return Letter("signup_refused.html", RefusedLetter(request.name, request.reason, link))


@mail("signup_unanswered")
async def tell_unanswered(envelope: Envelope) -> Letter | None:
    """To whoever asked and waited in vain: all that is left of them is this address. Nothing to a member."""
    if await sql("SELECT 1 FROM users WHERE email = {0}", envelope.to):
        return None
    page = UnansweredLetter(LONGEST_WAIT.days, envelope.address("/signup"))
    return Letter("signup_unanswered.html", page)

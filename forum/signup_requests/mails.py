"""The mails that say what was decided about a request for an account."""

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from forum.signup_requests.queries import APPEAL, request_of_signup
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

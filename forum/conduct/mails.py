"""The mail that says that an account is suspended: until when, why, how to appeal."""

from datetime import datetime

from msgspec import Struct

from forum.clock import now
from forum.mail.kinds import Envelope, Letter, mail
from forum.suspensions.queries import APPEAL, APPEAL_PATH, suspension_of
from realtime.sql import as_datetime, sql


class SuspensionLetter(Struct, frozen=True):
    """Until when, the moderators' words, and the page to appeal on; no address once it was done."""

    until: datetime
    reason: str
    appeal: str


@mail("suspended")
async def tell_suspension(envelope: Envelope, user_id: int) -> Letter | None:
    """To the member; nothing once they are let in again."""
    rows = await sql("SELECT suspended_until, suspended_reason FROM users WHERE id = {0}", user_id)
    if not rows or rows[0]["suspended_until"] is None:
        return None
    until = as_datetime(rows[0]["suspended_until"])
    if until <= now():
        return None
    found = await suspension_of(user_id)
    link = envelope.link(APPEAL_PATH, APPEAL, found.link) if found and found.may_appeal else ""
    return Letter("suspended.html", SuspensionLetter(until, rows[0]["suspended_reason"] or "", link))

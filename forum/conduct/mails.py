"""The mail that says that an account is suspended: until when, why, and whom to answer."""

from datetime import datetime

from msgspec import Struct

from forum.clock import now
from forum.mail.kinds import Envelope, Letter, mail
from realtime.sql import as_datetime, sql


class SuspensionLetter(Struct, frozen=True):
    """Until when, and the moderators' words."""

    until: datetime
    reason: str


@mail("suspended")
async def tell_suspension(envelope: Envelope, user_id: int) -> Letter | None:
    """To the member; nothing once they are let in again."""
    rows = await sql("SELECT suspended_until, suspended_reason FROM users WHERE id = {0}", user_id)
    if not rows or rows[0]["suspended_until"] is None:
        return None
    until = as_datetime(rows[0]["suspended_until"])
    if until <= now():
        return None
    return Letter("suspended.html", SuspensionLetter(until, rows[0]["suspended_reason"] or ""))

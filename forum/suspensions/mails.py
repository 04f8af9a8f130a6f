"""The mail that says what was decided about an appeal against a suspension."""

from datetime import datetime

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from forum.suspensions.queries import suspension_numbered


class AnswerLetter(Struct, frozen=True):
    """Whether the member is let in again, why, the way in; else until when they are kept out."""

    lifted: bool
    reason: str
    until: datetime | None
    sign_in: str


@mail("suspension_appeal")
async def tell_answer(envelope: Envelope, suspension_id: int) -> Letter | None:
    """To the member; nothing if it is gone with the account."""
    found = await suspension_numbered(suspension_id)
    if found is None or found.decision is None:
        return None
    page = AnswerLetter(found.lifted, found.answer, found.until, envelope.address("/session/new"))
    return Letter("suspension_appeal.html", page)

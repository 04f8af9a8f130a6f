"""Mails about accounts that are going to be erased."""

from datetime import datetime

from msgspec import Struct

from forum.erasures.models import Cause
from forum.erasures.queries import planned_erasure
from forum.mail.kinds import Envelope, Letter, mail
from forum.settings.known import INACTIVE_MONTHS
from forum.settings.queries import setting


class ErasureLetter(Struct, frozen=True):
    """When the account goes, and the way to keep it."""

    due_at: datetime
    link: str
    months: int = 0


@mail("erasure_planned")
async def tell_of_erasure(envelope: Envelope, user_id: int) -> Letter | None:
    """To a member who asked for it, unless it was called off."""
    planned = await planned_erasure(user_id)
    if planned is None or planned.cause is not Cause.ASKED:
        return None
    return Letter("erasure_planned.html", ErasureLetter(planned.due_at, envelope.address("/session/new")))


@mail("account_unused")
async def warn_of_erasure(envelope: Envelope, user_id: int) -> Letter | None:
    """To a member who has not come for a long time, unless they have come meanwhile."""
    planned = await planned_erasure(user_id)
    if planned is None or planned.cause is not Cause.INACTIVE:
        return None
    letter = ErasureLetter(planned.due_at, envelope.address("/session/new"), await setting(INACTIVE_MONTHS))
    return Letter("account_unused.html", letter)

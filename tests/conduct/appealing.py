"""Somebody who is suspended, and asks for a second look."""

import re
from datetime import timedelta
from email.message import EmailMessage

from forum.accounts.actions import create_user, suspend_member
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.suspensions.actions import appeal_suspension
from forum.suspensions.queries import SuspensionCard, appeal_visible_to, suspension_of
from tests.cast import Cast
from tests.signups.entering import text_of

SITE = "https://relais.example.fr"
WEEK = timedelta(days=7)
WORDS = "It was my brother who wrote that: zanzibarium."


async def suspended(judge: Viewer, user_id: int, reason: str = "Enough.") -> SuspensionCard:
    """A member is kept out for a week; their suspension as they see it."""
    await suspend_member(judge, user_id, now() + WEEK, reason)
    found = await suspension_of(user_id)
    assert found is not None
    return found


async def an_appeal(cast: Cast, username: str = "denis", judge: Viewer | None = None) -> int:
    """A member of that name, suspended by Ada, has appealed; the appeal's number."""
    member = await create_user(username, f"{username}@example.org", None, name=username.title())
    suspension = await suspended(judge or await cast.ada(), member.id)
    await appeal_suspension(suspension, WORDS)
    return suspension.id


async def as_seen_by(viewer: Viewer, id: int) -> SuspensionCard:
    """The appeal, as it is now."""
    return await appeal_visible_to(viewer, id)


def appeal_in(mail: EmailMessage) -> str:
    """The path of a mail's link to appeal."""
    found = re.search(r"https?://[^/]+(/suspension/appeal/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]

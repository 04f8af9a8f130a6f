"""Members suspended and told so, silenced, heard again, written about."""

from datetime import datetime

from forum.accounts.actions import reinstate_member, suspend_member
from forum.accounts.permissions import may_suspend
from forum.accounts.queries import standing_of
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.conduct.permissions import may_see_conduct
from forum.errors import require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.mail.actions import write_mail
from forum.posts.text import check_note
from forum.suspensions.actions import write_answer
from forum.suspensions.queries import open_appeal_of
from forum.zones import require_to_come
from realtime import log
from realtime.sql import sql


async def suspend_and_write(
    moderator: Viewer, user_id: int, until: datetime, reason: str, base_url: str
) -> None:
    """Keep a member out until then, and write to them until when, why and whom to answer.

    Raises:
        NotFound: no such account. Forbidden: not staff, or an account that one may not suspend.
        Invalid: `until` has passed. Conflict: the member's appeal against an earlier one waits.
    """
    async with log.transaction():
        await suspend_member(moderator, user_id, until, reason)
        (row,) = await sql("SELECT email, locale FROM users WHERE id = {0}", user_id)
        if row["email"]:
            await write_mail("suspended", row["email"], base_url, row["locale"] or "", user_id=user_id)


async def reinstate_and_write(moderator: Viewer, user_id: int, base_url: str) -> None:
    """Let somebody in again; who has appealed, and waits for an answer, is written to.

    Raises:
        NotFound: no such account. Forbidden: as for suspending.
    """
    async with log.transaction():
        appeal = await open_appeal_of(user_id)
        await reinstate_member(moderator, user_id)
        if appeal is not None:
            await write_answer(appeal, base_url)


async def silence_member(moderator: Viewer, user_id: int, until: datetime, reason: str) -> None:
    """Let a member read, and not write, until then; they are shown the reason.

    Raises:
        NotFound: no such account. Forbidden: not staff, or an account that one may not suspend.
        Invalid: `until` has passed, or there is no reason.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not silence this member."))
    words = check_note(reason, "reason", needed=True)
    require_to_come(until)
    async with log.transaction():
        await _set_silence(user_id, until, words)
        details = {"until": until.isoformat(), "reason": words}
        await note(moderator.id, Act.SILENCE_USER, user_id=user_id, details=details)


async def unsilence_member(moderator: Viewer, user_id: int) -> None:
    """Let a silenced member write again.

    Raises:
        NotFound, Forbidden: as for silencing.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not silence this member."))
    async with log.transaction():
        await _set_silence(user_id, None, None)
        await note(moderator.id, Act.UNSILENCE_USER, user_id=user_id)


async def _set_silence(user_id: int, until: datetime | None, reason: str | None) -> None:
    await sql(
        "UPDATE users SET silenced_until = {1}, silenced_reason = {2} WHERE id = {0}", user_id, until, reason
    )


async def write_note(moderator: Viewer, user_id: int, raw: str) -> None:
    """Write down something about a member that colleagues should know.

    Raises:
        NotFound: no such account. Forbidden: not staff, or about oneself. Invalid: nothing written.
    """
    require(may_see_conduct(moderator, await standing_of(user_id)))
    words = check_note(raw, "raw", needed=True)
    async with log.transaction():
        await sql(
            "INSERT INTO staff_notes (user_id, author_id, raw, created_at) VALUES ({0}, {1}, {2}, {3})",
            user_id,
            moderator.member_id,
            words,
            now(),
        )
        await note(moderator.id, Act.NOTE_USER, user_id=user_id)

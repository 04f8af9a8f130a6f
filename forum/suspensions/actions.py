"""Suspensions appealed, taken in hand, kept up or lifted. Each action is one transaction."""

from forum.accounts.actions import reinstate_member
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.mail.actions import write_mail
from forum.posts.text import check_note
from forum.reviewables.claims import lapsed, take_in_hand
from forum.reviewables.models import Decision
from forum.suspensions.permissions import may_decide_appeal
from forum.suspensions.queries import SuspensionCard, others_may_decide
from forum.suspensions.steps import take_member, tell_judges
from realtime import log
from realtime.sql import sql

CHOICES = (Decision.OVERTURN, Decision.UPHOLD)


async def appeal_suspension(suspension: SuspensionCard, message: str) -> None:
    """Ask for a second look at one's suspension, once.

    Args:
        suspension: of the link that opened the page: whoever has it is the member.

    Raises:
        Invalid: nothing said, or too much. Conflict: appealed before, or it has ended.
    """
    if not suspension.may_appeal:
        raise _too_late(suspension)
    words = check_note(message, "message", needed=True)
    async with log.transaction() as record:
        await take_member(suspension.member.id)
        rows = await sql(
            """UPDATE suspensions SET is_open = {1}, message = {2}, appealed_at = {3}
                WHERE id = {0} AND appealed_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM suspensions n WHERE n.user_id = suspensions.user_id
                    AND n.id > suspensions.id)
                AND EXISTS (SELECT 1 FROM users m WHERE m.id = suspensions.user_id
                    AND m.suspended_until > {3} AND m.deactivated_at IS NULL) RETURNING id""",
            suspension.id,
            True,
            words,
            now(),
        )
        if not rows:
            raise _too_late(suspension)
        await tell_judges(record, suspension.member.id)


def _too_late(suspension: SuspensionCard) -> Conflict:
    if suspension.until is None:
        return Conflict(_("This suspension has ended: there is nothing to appeal any more."))
    return Conflict(_("You have appealed this suspension already."))


async def claim_appeal(moderator: Viewer, appeal: SuspensionCard) -> None:
    """Hold it for fifteen minutes, so that two do not look at it at once.

    Raises:
        Forbidden: may not decide it. Conflict: a colleague holds it, or it was decided a moment ago.
    """
    await _require_judge(moderator, appeal)
    async with log.transaction() as record:
        await take_in_hand("suspensions", "is_open = true", appeal.id, moderator.member_id)
        await tell_judges(record, appeal.member.id)


async def _require_judge(moderator: Viewer, appeal: SuspensionCard) -> None:
    sentence = _("An appeal is decided by somebody else than the first decision.")
    colleagues = await others_may_decide(moderator, appeal)
    require(may_decide_appeal(moderator, appeal, has_colleagues=colleagues), sentence)


async def decide_appeal(
    moderator: Viewer, appeal: SuspensionCard, decision: str, reason: str, base_url: str
) -> None:
    """Let the member in again, or keep the suspension up; a mail gives them the reason.

    Args:
        decision: a value of `CHOICES`.

    Raises:
        Forbidden: may not decide it. Invalid: no decision, no reason.
        Conflict: a colleague holds it, or has decided it a moment ago.
    """
    await _require_judge(moderator, appeal)
    ruling, words = _check(decision, reason)
    async with log.transaction() as record:
        await take_member(appeal.member.id)
        await _close(moderator, appeal, ruling, words)
        await write_answer(appeal, base_url)
        await tell_judges(record, appeal.member.id)
        if ruling is Decision.OVERTURN:
            await reinstate_member(moderator, appeal.member.id, words)
        else:
            details: dict[str, Detail] = {"reason": words}
            await note(moderator.id, Act.UPHOLD_DECISION, user_id=appeal.member.id, details=details)


def _check(decision: str, reason: str) -> tuple[Decision, str]:
    """Every fault at once."""
    faults, words = dict[str, str](), ""
    if decision not in CHOICES:
        faults["decision"] = _("Choose a decision.")
    try:
        words = check_note(reason, "reason", needed=True)
    except Invalid as fault:
        faults |= fault.fields
    if faults:
        raise Invalid(fields=faults)
    return Decision(decision), words


async def _close(moderator: Viewer, appeal: SuspensionCard, ruling: Decision, reason: str) -> None:
    """The first one decides."""
    rows = await sql(
        """UPDATE suspensions SET is_open = {1}, decision = {2}, decided_by_id = {3}, decided_at = {4},
                reason = {5}
            WHERE id = {0} AND is_open = true
            AND (claimed_by_id IS NULL OR claimed_by_id = {3} OR claimed_at < {6})
            AND EXISTS (SELECT 1 FROM users m WHERE m.id = suspensions.user_id
                AND m.deactivated_at IS NULL) RETURNING id""",
        appeal.id,
        False,
        ruling.value,
        moderator.member_id,
        now(),
        reason,
        lapsed(),
    )
    if not rows:
        raise Conflict(_("A colleague has taken this item in hand or decided it a moment ago."))


async def write_answer(appeal: SuspensionCard, base_url: str) -> None:
    """A step of whatever decides an appeal: the mail that says so."""
    if appeal.email:
        await write_mail(
            "suspension_appeal",
            appeal.email,
            base_url,
            appeal.locale,
            member_id=appeal.member.id,
            suspension_id=appeal.id,
        )

"""Requests for an account taken in hand, approved, refused, appealed. Each action is one transaction."""

from tortoise.exceptions import IntegrityError

from forum.accounts.names import free_username_like
from forum.accounts.queries import is_taken
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.errors import Conflict, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.mail.actions import write_mail
from forum.posts.text import check_note
from forum.reviewables.claims import lapsed, take_in_hand
from forum.settings.known import SIGN_UP
from forum.settings.queries import setting
from forum.signup_requests.permissions import may_decide_request
from forum.signup_requests.queries import RequestCard, others_may_decide, request_of_appeal
from forum.signup_requests.steps import tell_deciders
from forum.signups.steps import become_member
from realtime import log
from realtime.sql import sql

# How often another name is looked for, when somebody takes the one that was free a moment ago.
TRIES = 3


async def claim_request(moderator: Viewer, request: RequestCard) -> None:
    """Hold it for fifteen minutes, so that two do not look at it at once.

    Raises:
        Forbidden: as for approving. Conflict: a colleague holds it, or it was decided a moment ago.
    """
    await _require_judge(moderator, request)
    async with log.transaction() as record:
        await take_in_hand("signup_requests", "is_open = true", request.id, moderator.member_id)
        await tell_deciders(record)


async def _require_judge(moderator: Viewer, request: RequestCard) -> None:
    sentence = _("An appeal is decided by somebody else than the first decision.")
    may = may_decide_request(moderator, request, has_colleagues=await others_may_decide(moderator))
    require(may, sentence)


async def approve_request(moderator: Viewer, request: RequestCard, base_url: str) -> int:
    """Make a member of whoever asked, under the nearest name that is free; they are told by mail. Their id.

    Other sign-ups of the same address go.

    Raises:
        Forbidden: not staff, or an appeal against one's own decision.
        Conflict: a colleague holds it or has decided it a moment ago, nobody may join any more, or the
            address is a member's meanwhile.
    """
    await _require_judge(moderator, request)
    if await setting(SIGN_UP) == "closed":
        raise Conflict(_("This site takes no new accounts at present: an administrator may change that."))
    for _try in range(TRIES):
        username = await free_username_like(request.username)
        if not username:
            break
        try:
            return await _admit(moderator, request, username, base_url)
        except IntegrityError:
            if not await is_taken(username):
                break
    raise Conflict(_("Somebody has decided or changed this a moment ago. Look at it again."))


async def _admit(moderator: Viewer, request: RequestCard, username: str, base_url: str) -> int:
    async with log.transaction() as record:
        await _decide(moderator, request)
        user_id = await become_member(request.signup_id, username)
        await sql("DELETE FROM signups WHERE email = {0}", request.email)
        await write_mail("signup_approved", request.email, base_url, request.locale, user_id=user_id)
        await note(moderator.id, Act.APPROVE_USER, user_id=user_id)
        await tell_deciders(record)
    return user_id


async def _decide(moderator: Viewer, request: RequestCard, reason: str = "") -> None:
    """The first one decides."""
    rows = await sql(
        """UPDATE signup_requests SET is_open = {1}, decided_by_id = {2}, decided_at = {3}, reason = {4}
            WHERE id = {0} AND is_open = true AND message = {5}
            AND (claimed_by_id IS NULL OR claimed_by_id = {2} OR claimed_at < {6}) RETURNING id""",
        request.id,
        False,
        moderator.member_id,
        now(),
        reason,
        request.message,
        lapsed(),
    )
    if not rows:
        raise Conflict(_("Somebody has decided or changed this a moment ago. Look at it again."))


async def refuse_request(moderator: Viewer, request: RequestCard, reason: str, base_url: str) -> None:
    """Refuse it; whoever asked gets the reason by mail, and may appeal once.

    Raises:
        Forbidden, Conflict: as for approving. Invalid: no reason.
    """
    await _require_judge(moderator, request)
    words = check_note(reason, "reason", needed=True)
    async with log.transaction() as record:
        await _decide(moderator, request, words)
        await write_mail(
            "signup_refused", request.email, base_url, request.locale, signup_id=request.signup_id
        )
        details: dict[str, Detail] = {"request": request.id, "reason": words}
        await note(moderator.id, Act.REJECT_USER, details=details)
        await tell_deciders(record)


async def appeal_refusal(config: Config, token: str, message: str) -> None:
    """Ask for a second look, once.

    Args:
        token: of the mail that told the refusal.

    Raises:
        LinkSpent: too old, not ours, or the account is open. Invalid: nothing said.
        Conflict: appealed before.
    """
    request = await request_of_appeal(config, token)
    words = check_note(message, "message", needed=True)
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE signup_requests SET is_open = {1}, message = {2}, claimed_by_id = NULL
                WHERE id = {0} AND is_open = false AND decided_at IS NOT NULL AND message = ''
                RETURNING id""",
            request.id,
            True,
            words,
        )
        if not rows:
            raise Conflict(_("You have appealed this decision already."))
        await tell_deciders(record)

"""Accounts that are going to be erased: by their owners' wish, or an administrator's decision."""

from datetime import timedelta

from forum.accounts.actions import stop_member
from forum.accounts.confirming import check_own_password
from forum.accounts.permissions import may_erase
from forum.accounts.queries import standing_of
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.erasures.steps import OTHER_ADMIN
from forum.errors import Invalid, gathered, require, require_none
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.mail.actions import write_mail
from forum.posts.text import check_note
from forum.settings.known import ERASURE_DAYS
from forum.settings.queries import setting
from realtime import log
from realtime.sql import sql


async def ask_for_erasure(viewer: Viewer, password: str, typed: str, base_url: str) -> None:
    """Plan the erasure of one's own account; signed out everywhere, and signing in again calls it off.

    Args:
        typed: one's user name, typed to say that it is meant.

    Raises:
        Forbidden: a visitor.
        Invalid: not the password, not the name, or the last administrator; at `password`, `username`, `form`.
    """
    require(viewer.signed_in)
    faults: dict[str, str] = {}
    if typed.strip().removeprefix("@").lower() != viewer.username.lower():
        faults["username"] = _("Type your user name, %(name)s.") % {"name": viewer.username}
    with gathered(faults):
        await check_own_password(viewer.member_id, password)
    require_none(faults)
    days = await setting(ERASURE_DAYS)
    due = now() + timedelta(days=days)
    async with log.transaction() as record:
        rows = await sql(
            f"""INSERT INTO erasures (user_id, cause, asked_at, due_at, reminded)
                SELECT id, 'asked', {{1}}, {{2}}, 0 FROM users WHERE id = {{0}} AND {OTHER_ADMIN}
                ON CONFLICT (user_id) DO UPDATE SET cause = 'asked', asked_at = {{1}}, due_at = {{2}}
                    WHERE erasures.cause = 'inactive' RETURNING id""",
            viewer.member_id,
            now(),
            due,
        )
        if not rows:
            await _refuse(viewer.member_id)
            return
        await stop_member(viewer.member_id, record)
        await _tell(viewer.member_id, base_url, viewer.locale)


async def _refuse(user_id: int) -> None:
    """Why it was not planned: the last administrator; or it is planned already, and all is well."""
    if not await sql("SELECT 1 FROM erasures WHERE user_id = {0}", user_id):
        sentence = _("You are the only administrator: let somebody else become one first.")
        raise Invalid(fields={"form": sentence})


async def _tell(user_id: int, base_url: str, locale: str) -> None:
    (member,) = await sql("SELECT email FROM users WHERE id = {0}", user_id)
    if member["email"]:
        await write_mail("erasure_planned", member["email"], base_url, locale, user_id=user_id)


async def erase_member(admin: Viewer, user_id: int, typed: str, reason: str) -> None:
    """Close an account for good, and have it erased as soon as the job comes to it.

    Args:
        typed: the member's user name, typed to say that it is meant.
        reason: for the journal; it goes with the account.

    Raises:
        NotFound: no such account. Forbidden: not an administrator, or oneself.
        Invalid: not the name, no reason, or the last administrator.
    """
    member = await standing_of(user_id)
    require(may_erase(admin, member), _("You may not erase this account."))
    faults, words = dict[str, str](), ""
    if typed.strip().removeprefix("@").lower() != member.username.lower():
        faults["username"] = _("Type the user name, %(name)s.") % {"name": member.username}
    with gathered(faults):
        words = check_note(reason, "reason", needed=True)
    require_none(faults)
    async with log.transaction() as record:
        rows = await sql(
            f"UPDATE users SET deactivated_at = {{1}} WHERE id = {{0}} AND {OTHER_ADMIN} RETURNING id",
            user_id,
            now(),
        )
        if not rows:
            raise Invalid(
                fields={"form": _("This is the only administrator: let somebody else become one first.")}
            )
        await sql(
            """INSERT INTO erasures (user_id, cause, asked_at, due_at, reminded)
                VALUES ({0}, 'staff', {1}, {1}, 0)
                ON CONFLICT (user_id) DO UPDATE SET cause = 'staff', due_at = {1}""",
            user_id,
            now(),
        )
        await stop_member(user_id, record)
        await note(admin.id, Act.ERASE_USER, user_id=user_id, details={"reason": words})

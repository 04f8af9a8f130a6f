"""Accounts: made, signed in, suspended, closed."""

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, name_fault, password_fault, username_fault
from forum.accounts.models import User
from forum.accounts.passwords import hash_password, verify_password
from forum.accounts.permissions import may_answer_for, may_suspend
from forum.accounts.queries import login_of, signup_waiting, standing_of
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.suspensions.refusal import check_suspension
from forum.suspensions.steps import begin_suspension, settle_appeal
from forum.zones import require_to_come
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql


class Undecided(Invalid):
    """The name and the password are right, and staff have not let this person in."""

    def __init__(self, *, refused: bool) -> None:
        waits = _("Somebody still reads your request for an account: a mail will tell you.")
        told = _("Your request for an account was refused: the mail that you were sent says why.")
        super().__init__(fields={"login": told if refused else waits})


class Unconfirmed(Invalid):
    """The name and the password are right, and the account waits for the link of its mail to be opened."""

    def __init__(self, signup_id: int) -> None:
        sentence = _("This account is not confirmed yet: open the link in the mail that you were sent.")
        super().__init__(fields={"login": sentence})
        self.signup_id = signup_id


async def create_user(
    username: str,
    email: str | None,
    password: str | None,
    *,
    name: str = "",
    title: str = "",
    affiliation: str = "",
    admin: bool = False,
    moderator: bool = False,
) -> User:
    """Make an account; without a password it is unclaimed and nobody can sign in with it.

    Raises:
        Invalid: name or address malformed or taken, password too short; a sentence for each field.
    """
    _check_account(username, email, password, name)
    password_hash = await hash_password(password) if password else None
    try:
        async with log.transaction():
            user = await User.create(
                username=username,
                username_lower=username.lower(),
                email=email_address(email) if email else None,
                password_hash=password_hash,
                name=name,
                title=title,
                affiliation=affiliation,
                admin=admin,
                moderator=moderator,
            )
            for role, act in ((admin, Act.GRANT_ADMIN), (moderator, Act.GRANT_MODERATION)):
                if role:
                    await note(None, act, user_id=user.id)
            return user
    except IntegrityError as error:
        raise Invalid(fields={"username": _("This name or this address is already taken.")}) from error


def _check_account(username: str, email: str | None, password: str | None, name: str) -> None:
    faults = {
        "name": name_fault(name),
        "username": username_fault(username),
        "email": email_fault(email) if email is not None else None,
        "password": password_fault(password, username, email or "") if password is not None else None,
    }
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise Invalid(fields=wrong)


async def member_with_password(login: str, password: str) -> int:
    """The id of the member with this name (or address) and this password; a second factor is still owed.

    Whoever does not know the password always waits for two verifications: so neither the answer nor its time
    tells whether there is a member or somebody who waits to become one.

    Raises:
        Unconfirmed: right, for an account that is not confirmed yet.
        Undecided: right, for one that staff have not decided about, or have refused.
        Suspended: right, for one that is kept out for some time.
        Invalid: wrong, unknown, unclaimed or deactivated: one same sentence, in the same time.
    """
    login = login_of(login)
    user = await _member_called(login)
    if await verify_password(password, user.password_hash if user else None):
        if user is not None and user.deactivated_at is None:
            await check_suspension(user.id)
            return user.id
    else:
        await _check_unconfirmed(login, password)
    raise Invalid(fields={"login": _("This name and this password do not go together.")})


async def _member_called(login: str) -> User | None:
    """Whoever has this address or name, if any."""
    return await User.filter(Q(email=login) if "@" in login else Q(username_lower=login)).first()


async def _check_unconfirmed(login: str, password: str) -> None:
    waiting = await signup_waiting(login)
    if await verify_password(password, waiting.password_hash if waiting else None) and waiting:
        raise Undecided(refused=waiting.refused) if waiting.asked else Unconfirmed(waiting.id)


async def suspend_member(moderator: Viewer, user_id: int, until: datetime, reason: str = "") -> None:
    """Keep a member out until then: signed out everywhere, and what is open ends at once.

    Args:
        reason: for the journal, and for the member, who reads it when they try to come back.

    Raises:
        NotFound: no such account. Forbidden: not staff, or an account that one may not suspend.
        Invalid: `until` has passed. Conflict: the member's appeal against an earlier one waits.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not suspend this member."))
    require_to_come(until)
    async with log.transaction() as record:
        await begin_suspension(user_id, moderator.id)
        await sql(
            "UPDATE users SET suspended_until = {1}, suspended_reason = {2} WHERE id = {0}",
            user_id,
            until,
            reason,
        )
        await stop_member(user_id, record)
        details = {"until": until.isoformat()} | ({"reason": reason} if reason else {})
        await note(moderator.id, Act.SUSPEND_USER, user_id=user_id, details=details)


async def deactivate_account(viewer: Viewer, user_id: int) -> None:
    """Close an account: nobody signs in with it any more; what was written stays.

    Raises:
        NotFound: no such account. Forbidden: neither its owner nor an administrator.
    """
    member = await standing_of(user_id)
    require(may_answer_for(viewer, member.id), _("You may not close this account."))
    async with log.transaction() as record:
        await sql("UPDATE users SET deactivated_at = {1} WHERE id = {0}", member.id, now())
        await stop_member(member.id, record)
        if viewer.id != member.id:
            await note(viewer.id, Act.DEACTIVATE_USER, user_id=member.id)


async def stop_member(user_id: int, record: Record) -> None:
    """A step of closing and suspending: the sessions go, and whatever is connected ends, programs too."""
    await sql("DELETE FROM sessions WHERE user_id = {0}", user_id)
    rights.user_stopped(record, str(user_id))


async def reinstate_member(moderator: Viewer, user_id: int, reason: str = "") -> None:
    """Let somebody in again who was suspended, or whose account was closed. An appeal waits no more.

    Args:
        reason: for the journal.

    Raises:
        NotFound: no such account. Forbidden: as for suspending; only administrators open a closed account.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not reinstate this member."))
    closed = "deactivated_at = NULL, " if moderator.admin else ""
    async with log.transaction() as record:
        await sql(
            f"UPDATE users SET {closed}suspended_until = NULL, suspended_reason = NULL WHERE id = {{0}}",
            user_id,
        )
        await settle_appeal(record, user_id, moderator.id)
        details: dict[str, Detail] = {"reason": reason} if reason else {}
        await note(moderator.id, Act.REINSTATE_USER, user_id=user_id, details=details)
        rights.user_changed(record, str(user_id))

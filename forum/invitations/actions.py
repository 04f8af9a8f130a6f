"""Inviting, taking an invitation back, accepting one: each once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, name_fault, password_fault, username_fault
from forum.accounts.passwords import hash_password
from forum.accounts.queries import is_taken, viewer_of_id
from forum.accounts.viewer import Viewer
from forum.channels import user_channel
from forum.charter.permissions import charter_fault
from forum.clock import now
from forum.config import Config
from forum.errors import Conflict, Invalid, NotFound, gathered, require, require_none
from forum.groups.queries import GroupCard, group_numbered
from forum.groups.steps import is_owner, let_in, take_group
from forum.i18n import current_locale
from forum.i18n import gettext as _
from forum.invitations.permissions import may_invite, may_invite_to
from forum.invitations.queries import FORGOTTEN_AFTER, OpenInvitation, invitation_of_link
from forum.journal.models import Act
from forum.journal.steps import note
from forum.links import LinkSpent
from forum.mail.actions import write_mail
from forum.mail.queries import is_written_since
from forum.posts.text import check_note
from forum.profiles.names import clean_name
from forum.profiles.queries import staff_name_fault
from forum.settings.known import INVITATION_DAYS, INVITATIONS
from forum.settings.queries import setting
from realtime import log
from realtime.log import Record
from realtime.sql import sql

MayWrite = Callable[[str], Awaitable[bool]]
# A button pressed twice, or a form sent again, within this time invites once.
SAME_PRESS = timedelta(minutes=1)


class _Asked(Struct, frozen=True):
    """Who asks whom to join what, in which words."""

    inviter_id: int
    email: str
    group_id: int | None
    message: str


async def invite(
    inviter: Viewer, email: str, group_id: int | None, message: str, base_url: str, may_write: MayWrite
) -> None:
    """Ask somebody to join. Whether the address is a member's is looked at when the mail is composed only.

    The same, pressed twice, invites once and is mailed once.

    Args:
        may_write: whether enough has been written to this address lately.

    Raises:
        Forbidden: may not invite, or not to this group. Invalid: a sentence for each field that does not do.
    """
    require(may_invite(inviter, await setting(INVITATIONS)), _("You may not invite people."))
    faults, words, address = dict[str, str](), "", email_address(email) or ""
    with gathered(faults):
        group = await _group_to_enter(inviter, group_id)
        require(may_invite_to(inviter, group), _("You may not put members in this group."))
    if fault := email_fault(email):
        faults["email"] = fault
    with gathered(faults):
        words = check_note(message, "message", needed=False)
    require_none(faults)
    days, mail = await setting(INVITATION_DAYS), await may_write(address)
    asked = _Asked(inviter.member_id, address, group_id, words)
    async with log.transaction() as record:
        await sql("UPDATE users SET id = id WHERE id = {0}", inviter.member_id)  # theirs, one after the other
        id = await _same_press(asked)
        if id is None:
            id = await _keep(asked, days)
            _tell(record, inviter.member_id)
        if mail and not await is_written_since("invitation", address, inviter.member_id, now() - SAME_PRESS):
            await write_mail("invitation", address, base_url, member_id=inviter.member_id, invitation_id=id)


async def _same_press(asked: _Asked) -> int | None:
    """The open invitation that says the same and was made a moment ago, if there is one."""
    rows = await sql(
        """SELECT id FROM invitations WHERE inviter_id = {0} AND email = {1} AND COALESCE(group_id, 0) = {2}
            AND message = {3} AND created_at > {4} AND accepted_at IS NULL AND revoked_at IS NULL""",
        asked.inviter_id,
        asked.email,
        asked.group_id or 0,
        asked.message,
        now() - SAME_PRESS,
    )
    return int(rows[0]["id"]) if rows else None


async def _keep(asked: _Asked, days: int) -> int:
    rows = await sql(
        """INSERT INTO invitations (inviter_id, email, group_id, message, locale, created_at, expires_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}) RETURNING id""",
        asked.inviter_id,
        asked.email,
        asked.group_id,
        asked.message,
        current_locale(),
        now(),
        now() + timedelta(days=days),
    )
    return int(rows[0]["id"])


async def _group_to_enter(inviter: Viewer, group_id: int | None) -> GroupCard | None:
    """A group that the inviter may not know of is as one that does not exist."""
    try:
        return None if group_id is None else await group_numbered(inviter, group_id)
    except NotFound as error:
        raise Invalid(fields={"group_id": _("There is no group of that name.")}) from error


def _tell(record: Record, user_id: int) -> None:
    record(user_channel(user_id), "invitation.changed", user_id=user_id)


async def revoke_invitation(inviter: Viewer, id: int) -> None:
    """Take one's own invitation back: its link opens nothing any more.

    Raises:
        Forbidden: a visitor. NotFound: none of one's own. Conflict: it is not open any more.
    """
    require(inviter.signed_in)
    if not await sql("SELECT 1 FROM invitations WHERE id = {0} AND inviter_id = {1}", id, inviter.member_id):
        raise NotFound
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE invitations SET revoked_at = {2} WHERE id = {0} AND inviter_id = {1}
                AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id""",
            id,
            inviter.member_id,
            now(),
        )
        if not rows:
            raise Conflict(_("This invitation was accepted or taken back before."))
        _tell(record, inviter.member_id)


class Joining(Struct, frozen=True):
    """What somebody who was invited typed; `charter` is the version that they ticked."""

    username: str
    name: str
    password: str
    charter: str


async def accept_invitation(config: Config, token: str, typed: Joining) -> int:
    """Become a member at the address that was invited, which the link proves; the member's id.

    Raises:
        LinkSpent: used, revoked or too old, or the address has become a member's.
        Invalid: a sentence for each field that does not do.
    """
    invitation = await invitation_of_link(config, token)
    await _check(typed, invitation.email)
    password_hash = await hash_password(typed.password)
    inviter = await viewer_of_id(invitation.inviter_id, invitation.locale)
    try:
        return await _join(invitation, typed, password_hash, inviter)
    except IntegrityError as error:
        if await is_taken(typed.username):
            raise Invalid(fields={"username": _("This name is already taken.")}) from error
        raise LinkSpent from error


async def _check(typed: Joining, email: str) -> None:
    name = typed.username
    faults = {
        "name": name_fault(typed.name) or await staff_name_fault(typed.name),
        "username": username_fault(name) or await staff_name_fault(name),
        "password": password_fault(typed.password, name, typed.name, email),
        "charter": charter_fault(typed.charter),
    }
    if not typed.name.strip():
        faults["name"] = _("Write the name that people know you by.")
    if not faults["username"] and await is_taken(name):
        faults["username"] = _("This name is already taken.")
    if wrong := {name: sentence for name, sentence in faults.items() if sentence}:
        raise Invalid(fields=wrong)


async def _join(
    invitation: OpenInvitation, typed: Joining, password_hash: str, inviter: Viewer | None
) -> int:
    async with log.transaction() as record:
        spent = await sql(
            """UPDATE invitations SET accepted_at = {1} WHERE id = {0} AND accepted_at IS NULL
                AND revoked_at IS NULL AND expires_at > {1} RETURNING id""",
            invitation.id,
            now(),
        )
        if not spent:
            raise LinkSpent
        rows = await sql(
            """INSERT INTO users (username, username_lower, name, email, password_hash, title, affiliation,
                admin, moderator, locale, created_at, charter_version, charter_accepted_at)
               VALUES ({0}, {1}, {2}, {3}, {4}, '', '', {5}, {5}, {6}, {7}, {8}, {7}) RETURNING id""",
            typed.username,
            typed.username.lower(),
            clean_name(typed.name),
            invitation.email,
            password_hash,
            False,
            current_locale(),
            now(),
            int(typed.charter),
        )
        user_id = int(rows[0]["id"])
        await sql("UPDATE invitations SET accepted_by_id = {1} WHERE id = {0}", invitation.id, user_id)
        _tell(record, invitation.inviter_id)
        if invitation.group_id is not None and inviter is not None:
            await _put_in_group(record, inviter, invitation.group_id, user_id)
    return user_id


async def _put_in_group(record: Record, inviter: Viewer, group_id: int, user_id: int) -> None:
    """A step of joining: by the right that the inviter has now, and in the journal as theirs."""
    try:
        await take_group(group_id)
    except NotFound:
        return
    if inviter.admin or await is_owner(group_id, inviter.id):
        await let_in(record, group_id, user_id)
        rows = await sql("SELECT name FROM groups WHERE id = {0}", group_id)
        await note(inviter.id, Act.ADD_TO_GROUP, user_id=user_id, details={"group": rows[0]["name"]})


async def forget_invitations() -> None:
    """The job: those that nobody accepted go, with the address, a month after they ended."""
    async with log.transaction():
        await sql(
            "DELETE FROM invitations WHERE accepted_at IS NULL AND (revoked_at < {0} OR expires_at < {0})",
            now() - FORGOTTEN_AFTER,
        )

"""Groups made, joined and left. What a member may see changes at once, also on their open pages."""

import re

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.queries import standing_of
from forum.accounts.viewer import Viewer
from forum.animators.steps import animates, members_of_group, refresh_cards_of
from forum.channels import user_channel
from forum.clock import now
from forum.errors import Conflict, Invalid, NotFound, require
from forum.groups.models import Admission, Group
from forum.groups.permissions import (
    may_ask_to_join,
    may_choose_members,
    may_join,
    may_leave,
    may_manage_groups,
)
from forum.groups.queries import GroupCard, group_numbered
from forum.groups.steps import is_last_owner, is_owner, let_in, put_out, take_group, tell_owners
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.markdown import BadText, clean_line
from forum.posts.text import check_note
from forum.text import text_fault
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?", re.ASCII)
# In letters as people count them: the column holds half as many again.
MAX_FULL_NAME = 80


class Face(Struct, frozen=True):
    """What a group is called and how one becomes a member, as it was typed."""

    name: str
    full_name: str = ""
    description: str = ""
    admission: str = Admission.CLOSED


async def create_group(
    admin: Viewer,
    name: str,
    full_name: str = "",
    description: str = "",
    admission: str = Admission.CLOSED,
) -> int:
    """Make a group, empty; its id.

    Raises:
        Forbidden: not an administrator. Invalid: a sentence for each field that does not do.
    """
    require(may_manage_groups(admin))
    face = _check(Face(name, full_name, description, admission))
    try:
        async with log.transaction():
            group = await Group.create(
                name=face.name,
                full_name=face.full_name,
                description=face.description,
                admission=face.admission,
            )
            await note(admin.id, Act.CREATE_GROUP, details={"group": face.name})
            return group.id
    except IntegrityError as error:
        raise _taken() from error


def _check(face: Face) -> Face:
    """As it may be stored. Only administrators name groups, who know of all: a taken name tells nothing."""
    faults: dict[str, str] = {}
    full_name = description = ""
    if not NAME.fullmatch(face.name):
        faults["name"] = _("A name has letters, digits, dots and hyphens, 60 at the most.")
    try:
        full_name = clean_line(face.full_name, MAX_FULL_NAME) if face.full_name.strip() else ""
    except BadText as fault:
        faults["full_name"] = text_fault(fault.reason, MAX_FULL_NAME)
    try:
        description = check_note(face.description, "description", needed=False)
    except Invalid as fault:
        faults |= fault.fields
    if face.admission not in list(Admission):
        faults["admission"] = _("Choose one of the list.")
    if faults:
        raise Invalid(fields=faults)
    return Face(face.name, full_name, description, face.admission)


def _taken() -> Invalid:
    return Invalid(fields={"name": _("There is a group of this name already.")})


async def revise_group(admin: Viewer, group_id: int, face: Face) -> None:
    """Give a group another name, another description, another way in.

    Raises:
        Forbidden: not an administrator. NotFound: no such group. Invalid: as for `create_group`.
    """
    require(may_manage_groups(admin))
    face = _check(face)
    try:
        async with log.transaction() as record:
            await take_group(group_id)
            await sql(
                """UPDATE groups SET name = {1}, full_name = {2}, description = {3}, admission = {4}
                    WHERE id = {0}""",
                group_id,
                face.name,
                face.full_name,
                face.description,
                face.admission,
            )
            if face.admission == Admission.HIDDEN:
                await _forget_outsiders(record, group_id)
            if await animates(group_id):
                await refresh_cards_of(await members_of_group(group_id))
            details = {"group": face.name, "admission": face.admission}
            await note(admin.id, Act.EDIT_GROUP, details=details)
    except IntegrityError as error:
        raise _taken() from error


async def _forget_outsiders(record: Record, group_id: int) -> None:
    """Whoever had asked to join a group that is hidden now hears no more of it."""
    rows = await sql(
        """DELETE FROM group_requests WHERE group_id = {0} AND NOT EXISTS (SELECT 1 FROM group_users gu
            WHERE gu.group_id = {0} AND gu.user_id = group_requests.user_id) RETURNING user_id""",
        group_id,
    )
    for row in rows:
        record(user_channel(row["user_id"]), "notification.changed", user_id=row["user_id"])
    await tell_owners(record, group_id)


async def delete_group(admin: Viewer, group_id: int) -> None:
    """Take a group away, once no theme is its own.

    Raises:
        Forbidden: not an administrator. NotFound: no such group. Invalid: a theme's rules name it.
    """
    require(may_manage_groups(admin))
    async with log.transaction() as record:
        await take_group(group_id)
        if await sql(
            """SELECT 1 FROM category_groups WHERE group_id = {0}
                UNION ALL SELECT 1 FROM category_animators WHERE group_id = {0}""",
            group_id,
        ):
            raise Invalid(fields={"group": _("Themes name this group: take it out of their rules first.")})
        rows = await sql("DELETE FROM groups WHERE id = {0} RETURNING name", group_id)
        await note(admin.id, Act.DELETE_GROUP, details={"group": rows[0]["name"]})
        rights.everything_changed(record)


async def join_group(viewer: Viewer, group: GroupCard) -> bool:
    """Become a member of an open group; False if one was already.

    Raises:
        Forbidden: a visitor, or one is not let in unasked. Conflict: it was closed a moment ago.
    """
    require(group.member or may_join(viewer, group), _("This group is not open to everyone."))
    async with log.transaction() as record:
        if await take_group(group.id) is not Admission.OPEN:
            raise Conflict(_("This group has just been closed."))
        return await let_in(record, group.id, viewer.member_id)


async def leave_group(viewer: Viewer, group: GroupCard) -> bool:
    """Be a member no longer; False if one was none.

    Raises:
        Forbidden: its last owner.
    """
    sentence = _("You are its last owner: name another one first.")
    require(not group.member or may_leave(viewer, group), sentence)
    async with log.transaction() as record:
        await take_group(group.id)
        require(viewer.admin or not await is_last_owner(group.id, viewer.member_id), sentence)
        return await put_out(record, group.id, viewer.member_id)


async def ask_to_join(viewer: Viewer, group: GroupCard, message: str) -> bool:
    """Ask the owners to be let in, with a sentence; False if one's wish waits already.

    Raises:
        Forbidden: the group is not asked. Invalid: nothing said. Conflict: its way in has just changed.
    """
    require(may_ask_to_join(viewer, group), _("You may not ask to join this group."))
    words = check_note(message, "message", needed=True)
    async with log.transaction() as record:
        if await take_group(group.id) is not Admission.ON_REQUEST:
            raise Conflict(_("This group has just been closed."))
        if await sql(
            "SELECT 1 FROM group_users WHERE group_id = {0} AND user_id = {1}", group.id, viewer.member_id
        ):
            return False
        asked = await sql(
            """INSERT INTO group_requests (group_id, user_id, message, created_at, answer, read)
                VALUES ({0}, {1}, {2}, {3}, '', {4}) ON CONFLICT (group_id, user_id) DO UPDATE SET
                message = excluded.message, created_at = excluded.created_at, answer = '', read = {4},
                accepted = NULL, decided_at = NULL WHERE group_requests.decided_at IS NOT NULL
                RETURNING id""",
            group.id,
            viewer.member_id,
            words,
            now(),
            False,
        )
        if asked:
            await tell_owners(record, group.id)
            record(user_channel(viewer.member_id), "notification.changed", user_id=viewer.member_id)
        return bool(asked)


async def answer_request(
    owner: Viewer, group: GroupCard, request_id: int, accepted: bool, answer: str = ""
) -> None:
    """Let somebody in who has asked, or tell them why not.

    Raises:
        Forbidden: not an owner. Invalid: refused without a reason. NotFound: no such wish.
        Conflict: another owner has answered it a moment ago.
    """
    require(may_choose_members(owner, group))
    words = check_note(answer, "answer", needed=not accepted)
    async with log.transaction() as record:
        await _take_as_owner(owner, group.id)
        rows = await sql(
            """UPDATE group_requests SET accepted = {2}, answer = {3}, decided_at = {4}, read = {5}
                WHERE id = {0} AND group_id = {1} AND decided_at IS NULL RETURNING user_id""",
            request_id,
            group.id,
            accepted,
            words,
            now(),
            False,
        )
        if not rows:
            await _explain_absence(group.id, request_id)
        user_id = rows[0]["user_id"]
        if accepted:
            await let_in(record, group.id, user_id)
        else:
            record(user_channel(user_id), "notification.changed", user_id=user_id)
            await tell_owners(record, group.id)
        await _note(owner, Act.ADD_TO_GROUP if accepted else Act.REFUSE_GROUP_REQUEST, group.id, user_id)


async def _explain_absence(group_id: int, request_id: int) -> None:
    if await sql("SELECT 1 FROM group_requests WHERE id = {0} AND group_id = {1}", request_id, group_id):
        raise Conflict(_("Another owner has answered this request a moment ago."))
    raise NotFound


async def _take_as_owner(actor: Viewer, group_id: int) -> None:
    """The lock, and whether the actor is still an owner, now that nobody can change it."""
    await take_group(group_id)
    require(actor.admin or await is_owner(group_id, actor.id))


async def add_member(actor: Viewer, group_id: int, user_id: int) -> bool:
    """Put a member in a group; False if they were in it already.

    Raises:
        Forbidden: neither its owner nor an administrator. NotFound: no such group or member.
    """
    require(may_choose_members(actor, await group_numbered(actor, group_id)))
    await standing_of(user_id)
    async with log.transaction() as record:
        await _take_as_owner(actor, group_id)
        added = await let_in(record, group_id, user_id)
        if added:
            await _note(actor, Act.ADD_TO_GROUP, group_id, user_id)
    return added


async def remove_member(actor: Viewer, group_id: int, user_id: int) -> bool:
    """Take a member out of a group, with their alerts about what they may no longer see; False if not in it.

    Raises:
        Forbidden: neither its owner nor an administrator, or its last owner.
        NotFound: no such group.
    """
    require(may_choose_members(actor, await group_numbered(actor, group_id)))
    async with log.transaction() as record:
        await _take_as_owner(actor, group_id)
        await _keep_an_owner(actor, group_id, user_id)
        removed = await put_out(record, group_id, user_id)
        if removed:
            await _note(actor, Act.REMOVE_FROM_GROUP, group_id, user_id)
    return removed


async def set_owner(actor: Viewer, group_id: int, user_id: int, owner: bool) -> bool:
    """Make a member of the group one of its owners, or no longer; False if it was so already.

    Raises:
        Forbidden: neither its owner nor an administrator, or its last owner.
        NotFound: no such group, or not its member.
    """
    require(may_choose_members(actor, await group_numbered(actor, group_id)))
    async with log.transaction() as record:
        await _take_as_owner(actor, group_id)
        rows = await sql(
            "SELECT owner FROM group_users WHERE group_id = {0} AND user_id = {1}", group_id, user_id
        )
        if not rows:
            raise NotFound
        if bool(rows[0]["owner"]) is owner:
            return False
        if not owner:
            await _keep_an_owner(actor, group_id, user_id)
        await sql(
            "UPDATE group_users SET owner = {2} WHERE group_id = {0} AND user_id = {1}",
            group_id,
            user_id,
            owner,
        )
        await _note(actor, Act.ADD_OWNER if owner else Act.REMOVE_OWNER, group_id, user_id)
        rights.user_changed(record, str(user_id))
        record(user_channel(user_id), "notification.changed", user_id=user_id)
    return True


async def _keep_an_owner(actor: Viewer, group_id: int, user_id: int) -> None:
    sentence = _("This is the group’s last owner: name another one first.")
    require(actor.admin or not await is_last_owner(group_id, user_id), sentence)


async def _note(actor: Viewer, act: Act, group_id: int, user_id: int) -> None:
    rows = await sql("SELECT name FROM groups WHERE id = {0}", group_id)
    await note(actor.id, act, user_id=user_id, details={"group": rows[0]["name"]})


async def mark_news_read(member: Viewer, request_id: int | None = None) -> None:
    """Mark what was decided of one of the member's own wishes to join as read, or of all."""
    require(member.signed_in)
    one = "" if request_id is None else " AND id = {2}"
    arguments = [] if request_id is None else [request_id]
    async with log.transaction() as record:
        await sql(
            f"UPDATE group_requests SET read = {{1}} WHERE user_id = {{0}} AND decided_at IS NOT NULL{one}",
            member.member_id,
            True,
            *arguments,
        )
        record(user_channel(member.member_id), "notification.changed", user_id=member.member_id)

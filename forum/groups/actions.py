"""Groups made, joined and left. What a member may see changes at once, also on their open pages."""

import re

from tortoise.exceptions import IntegrityError

from forum.accounts.queries import standing_of
from forum.accounts.viewer import Viewer
from forum.errors import Invalid, require
from forum.groups.models import Group
from forum.groups.permissions import may_manage_groups
from forum.groups.queries import group_exists
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.notifications.hidden import forget_hidden_of_member
from realtime import log, rights
from realtime.sql import sql

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?", re.ASCII)


async def create_group(admin: Viewer, name: str, full_name: str = "") -> int:
    """Make a group, empty; its id.

    Raises:
        Forbidden: not an administrator. Invalid: the name is malformed or taken.
    """
    require(may_manage_groups(admin))
    if not NAME.fullmatch(name):
        raise Invalid(fields={"name": _("A name has letters, digits, dots and hyphens, 60 at the most.")})
    try:
        async with log.transaction():
            group = await Group.create(name=name, full_name=full_name[:120])
            await note(admin.id, Act.CREATE_GROUP, details={"group": name})
            return group.id
    except IntegrityError as error:
        raise Invalid(fields={"name": _("There is a group of this name already.")}) from error


async def add_member(admin: Viewer, group_id: int, user_id: int) -> bool:
    """Put a member in a group; False if they were in it already.

    Raises:
        Forbidden: not an administrator. NotFound: no such group or member.
    """
    require(may_manage_groups(admin))
    await group_exists(group_id)
    await standing_of(user_id)
    async with log.transaction() as record:
        added = await sql(
            """INSERT INTO group_users (group_id, user_id) VALUES ({0}, {1})
                ON CONFLICT (group_id, user_id) DO NOTHING RETURNING id""",
            group_id,
            user_id,
        )
        if added:
            await _note(admin, Act.ADD_TO_GROUP, group_id, user_id)
            rights.user_changed(record, str(user_id))
    return bool(added)


async def remove_member(admin: Viewer, group_id: int, user_id: int) -> bool:
    """Take a member out of a group, with their alerts about what they may no longer see; False if not in it.

    Raises:
        Forbidden: not an administrator.
    """
    require(may_manage_groups(admin))
    async with log.transaction() as record:
        removed = await sql(
            "DELETE FROM group_users WHERE group_id = {0} AND user_id = {1} RETURNING id", group_id, user_id
        )
        if removed:
            await forget_hidden_of_member(user_id, record)
            await _note(admin, Act.REMOVE_FROM_GROUP, group_id, user_id)
            rights.user_changed(record, str(user_id))
    return bool(removed)


async def _note(admin: Viewer, act: Act, group_id: int, user_id: int) -> None:
    rows = await sql("SELECT name FROM groups WHERE id = {0}", group_id)
    await note(admin.id, act, user_id=user_id, details={"group": rows[0]["name"]})

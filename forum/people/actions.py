"""What somebody is on the site: administrator, moderator, or a member like any other."""

from enum import StrEnum

from forum.accounts.viewer import Viewer
from forum.categories.actions import touch_site
from forum.channels import user_channel
from forum.clock import now
from forum.errors import Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.people.permissions import may_change_roles
from realtime import log, rights
from realtime.sql import sql


class Role(StrEnum):
    """The roles that an administrator gives; each is the name of its column."""

    ADMIN = "admin"
    MODERATOR = "moderator"


ACTS = {
    (Role.ADMIN, True): Act.GRANT_ADMIN,
    (Role.ADMIN, False): Act.REVOKE_ADMIN,
    (Role.MODERATOR, True): Act.GRANT_MODERATION,
    (Role.MODERATOR, False): Act.REVOKE_MODERATION,
}


async def set_role(admin: Viewer, user_id: int, role: Role, given: bool) -> bool:
    """Give somebody a role or take it; False if it was so already. What they see follows at once.

    Raises:
        Forbidden: not an administrator. NotFound: no such account.
        Invalid: the last administrator would be none any more, or an account that is closed.
    """
    require(may_change_roles(admin))
    async with log.transaction() as record:
        await touch_site()  # Its lock: two administrators do not take the role from each other at once.
        await _check(user_id, role, given)
        rows = await sql(
            f"UPDATE users SET {role.value} = {{1}} WHERE id = {{0}} AND {role.value} <> {{1}} RETURNING id",
            user_id,
            given,
        )
        if rows:
            await note(admin.id, ACTS[role, given], user_id=user_id)
            rights.user_changed(record, str(user_id))
            record(user_channel(user_id), "review.changed", user_id=user_id)
            record(user_channel(user_id), "groups.changed", user_id=user_id)
    return bool(rows)


async def _check(user_id: int, role: Role, given: bool) -> None:
    rows = await sql("SELECT deactivated_at FROM users WHERE id = {0}", user_id)
    if not rows:
        raise NotFound
    if given and rows[0]["deactivated_at"] is not None:
        raise Invalid(fields={"role": _("This account is closed.")})
    if role is Role.ADMIN and not given and not await _another_administrator(user_id):
        sentence = _("This is the last administrator: make somebody else one first.")
        raise Invalid(fields={"role": sentence})


async def _another_administrator(user_id: int) -> bool:
    rows = await sql(
        """SELECT 1 FROM users WHERE admin AND id <> {0} AND deactivated_at IS NULL
            AND (suspended_until IS NULL OR suspended_until <= {1}) LIMIT 1""",
        user_id,
        now(),
    )
    return bool(rows)

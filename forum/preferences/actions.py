"""Closing one's own account."""

from forum.accounts.actions import stop_member
from forum.accounts.confirming import check_own_password
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from realtime import log
from realtime.sql import sql


async def close_own_account(viewer: Viewer, password: str) -> None:
    """Close the viewer's account: signed out everywhere, for good; what was written stays under the name.

    Raises:
        Forbidden: a visitor.
        Invalid: not their password, or the last administrator; the sentence stands at `password` or `form`.
    """
    require(viewer.signed_in)
    await check_own_password(viewer.member_id, password)
    async with log.transaction() as record:
        closed = await sql(
            """UPDATE users SET deactivated_at = {1} WHERE id = {0} AND (NOT admin OR EXISTS
                (SELECT 1 FROM users o WHERE o.admin AND o.deactivated_at IS NULL AND o.id <> {0}))
                RETURNING id""",
            viewer.member_id,
            now(),
        )
        if not closed:
            sentence = _("You are the only administrator: let somebody else become one first.")
            raise Invalid(fields={"form": sentence})
        await stop_member(viewer.member_id, record)

"""Accepting the charter as it has become."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, require
from forum.i18n import gettext as _
from realtime import log
from realtime.sql import sql


async def accept_charter(member: Viewer, version: str) -> None:
    """Note that the member has read the charter and accepts it.

    Args:
        version: the one that was before their eyes, as a form brings it.

    Raises:
        Forbidden: a visitor. Conflict: it has changed since.
    """
    require(member.signed_in)
    if version != str(member.themes.face.charter_version):
        raise Conflict(_("The charter has changed a moment ago: read it again."))
    async with log.transaction():
        await sql(
            "UPDATE users SET charter_version = {1}, charter_accepted_at = {2}"
            " WHERE id = {0} AND charter_version < {1}",
            member.member_id,
            member.themes.face.charter_version,
            now(),
        )

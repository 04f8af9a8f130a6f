"""Groups, by name."""

from forum.errors import NotFound
from forum.i18n import gettext as _
from realtime.sql import sql


async def id_of_group(name: str) -> int:
    """The group of that name.

    Raises:
        NotFound: there is none; with a sentence.
    """
    rows = await sql("SELECT id FROM groups WHERE name = {0}", name)
    if not rows:
        raise NotFound(_("There is no group of that name."))
    return int(rows[0]["id"])


async def group_exists(group_id: int) -> None:
    """Make sure of it.

    Raises:
        NotFound: there is none.
    """
    if not await sql("SELECT 1 FROM groups WHERE id = {0}", group_id):
        raise NotFound

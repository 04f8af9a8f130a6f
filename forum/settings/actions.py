"""Changing a setting."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import require
from forum.journal.models import Act
from forum.journal.steps import note
from forum.settings.known import STAFF_SECOND_FACTOR, setting_named
from forum.settings.permissions import may_set
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql


async def change_setting(viewer: Viewer, name: str, text: str) -> str:
    """Set it, from here on and for every worker; the value as it is kept.

    Raises:
        Forbidden: not an administrator. NotFound: no such setting. Invalid: not a value of it.
    """
    require(may_set(viewer))
    chosen = setting_named(name)
    value: str = chosen.write(chosen.read(text.strip()))
    async with log.transaction() as record:
        await sql(
            """INSERT INTO site_settings (name, value, updated_at) VALUES ({0}, {1}, {2})
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at""",
            name,
            value,
            now(),
        )
        await note(viewer.id, Act.CHANGE_SITE_SETTING, details={"setting": name, "value": value})
        if chosen is STAFF_SECOND_FACTOR:
            await _ask_staff_again(record)
    return value


async def _ask_staff_again(record: Record) -> None:
    """What staff may do has changed, also on pages that are open."""
    for row in await sql("SELECT id FROM users WHERE admin OR moderator"):
        rights.user_changed(record, str(row["id"]))

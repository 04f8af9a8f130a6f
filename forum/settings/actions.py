"""Changing a setting."""

import asyncio
from pathlib import Path

from forum.accounts.viewer import Viewer
from forum.categories.actions import touch_site
from forum.categories.queries import expire_themes
from forum.clock import now
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.markdown import TooSlow, cook
from forum.pictures.logos import forget_logo, keep_logo, logo_of
from forum.settings.known import CHARTER, STAFF_SECOND_FACTOR, setting_named
from forum.settings.permissions import may_set
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql

MAX_MEGABYTES = 2
# What the journal holds of a long text is that it was changed.
MAX_NOTED = 200


async def change_setting(viewer: Viewer, name: str, text: str, *, material: bool = False) -> str:
    """Set it, from here on and for every worker; the value as it is kept.

    Args:
        material: of the charter: every member is asked to read it again before their next post.

    Raises:
        Forbidden: not an administrator. NotFound: no such setting. Invalid: not a value of it.
    """
    require(may_set(viewer))
    chosen = setting_named(name)
    material = material and chosen is CHARTER
    value: str = chosen.write(chosen.read(text.strip()))
    if chosen is CHARTER:
        await _check_charter(value)
    async with log.transaction() as record:
        await _put(name, value)
        if chosen is STAFF_SECOND_FACTOR:
            await _ask_staff_again(record)
        if material:
            await _ask_again()
        await touch_site()
        await note(viewer.id, Act.CHANGE_SITE_SETTING, details=_details(name, value, material))
    expire_themes()
    return value


async def _ask_staff_again(record: Record) -> None:
    """What staff may do has changed, also on pages that are open."""
    for row in await sql("SELECT id FROM users WHERE admin OR moderator"):
        rights.user_changed(record, str(row["id"]))


async def _check_charter(text: str) -> None:
    try:
        await cook(text)
    except TooSlow as error:
        sentence = _("This text is too intricate to be shown: simplify it.")
        raise Invalid(fields={"value": sentence}) from error


def _details(name: str, value: str, material: bool) -> dict[str, Detail]:
    noted = value if len(value) <= MAX_NOTED else f"({len(value)})"
    return {"setting": name, "value": noted, **({"material": True} if material else {})}


async def _put(name: str, value: str) -> None:
    await sql(
        """INSERT INTO site_settings (name, value, updated_at) VALUES ({0}, {1}, {2})
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at""",
        name,
        value,
        now(),
    )


async def _ask_again() -> None:
    """Move the charter's version: the first one is 1, that of whoever has signed up so far."""
    rows = await sql("SELECT value FROM site_settings WHERE name = 'charter_version'")
    await _put("charter_version", str(1 + int(rows[0]["value"] if rows else 1)))


async def change_logo(viewer: Viewer, folder: Path, body: bytes) -> None:
    """Show this picture in the place of the site's name; the one before is removed.

    Args:
        folder: where logos are kept.

    Raises:
        Forbidden: not an administrator.
        Invalid: nothing, too heavy, or not a picture that can be read; the sentence stands at `logo`.
    """
    require(may_set(viewer))
    if not body:
        raise Invalid(fields={"logo": _("Choose a file first.")})
    if len(body) > MAX_MEGABYTES * 2**20:
        sentence = _("This file is too heavy: %(n)s MB at the most.") % {"n": MAX_MEGABYTES}
        raise Invalid(fields={"logo": sentence})
    try:
        made = await logo_of(body)
    except Invalid as fault:
        raise Invalid(fields={"logo": fault.fields["picture"]}) from fault
    name = await asyncio.to_thread(keep_logo, folder, made)
    try:
        former = await _put_logo(viewer, name)
    except BaseException:
        forget_logo(folder, name)
        raise
    await asyncio.to_thread(forget_logo, folder, former)


async def remove_logo(viewer: Viewer, folder: Path) -> None:
    """Go back to the site's name and our mark; the file is gone when this returns.

    Raises:
        Forbidden: not an administrator.
    """
    require(may_set(viewer))
    await asyncio.to_thread(forget_logo, folder, await _put_logo(viewer, ""))


async def _put_logo(viewer: Viewer, name: str) -> str:
    """Name the logo; the former one's name. The site's row is the lock: no other request is given it."""
    async with log.transaction():
        await touch_site()
        rows = await sql("SELECT value FROM site_settings WHERE name = 'logo'")
        await _put("logo", name)
        details = {"setting": "logo", "value": name}
        await note(viewer.id, Act.CHANGE_SITE_SETTING, details=details)
    expire_themes()
    return str(rows[0]["value"]) if rows else ""

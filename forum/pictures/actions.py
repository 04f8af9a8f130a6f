"""A member's picture: put, replaced, taken away."""

import asyncio
from pathlib import Path

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.pictures.files import forget, keep
from forum.pictures.squares import squares_of
from realtime import log
from realtime.sql import sql

MAX_MEGABYTES = 8
MAX_BYTES = MAX_MEGABYTES * 2**20


async def change_picture(viewer: Viewer, folder: Path, body: bytes) -> None:
    """Show this picture beside what the viewer writes; the one before is removed.

    Args:
        folder: where pictures are kept.

    Raises:
        Forbidden: a visitor.
        Invalid: nothing, too heavy, or not a picture that can be read; the sentence stands at `picture`.
    """
    require(viewer.signed_in)
    if not body:
        raise Invalid(fields={"picture": _("Choose a file first.")})
    if len(body) > MAX_BYTES:
        sentence = _("This file is too heavy: %(n)s MB at the most.") % {"n": MAX_MEGABYTES}
        raise Invalid(fields={"picture": sentence})
    squares = await squares_of(body)
    name = await asyncio.to_thread(keep, folder, squares)
    try:
        former = await _put(viewer.member_id, name)
    except BaseException:
        forget(folder, name)
        raise
    await asyncio.to_thread(forget, folder, former)


async def remove_picture(viewer: Viewer, folder: Path) -> None:
    """Go back to the initials; the files are gone when this returns.

    Raises:
        Forbidden: a visitor.
    """
    require(viewer.signed_in)
    former = await _put(viewer.member_id, "")
    await asyncio.to_thread(forget, folder, former)


async def _put(user_id: int, name: str) -> str:
    """Name the member's picture; the former one's name, which no other request is given."""
    while True:
        (member,) = await sql("SELECT picture FROM users WHERE id = {0}", user_id)
        async with log.transaction():
            changed = await sql(
                "UPDATE users SET picture = {1} WHERE id = {0} AND picture = {2} RETURNING id",
                user_id,
                name,
                member["picture"],
            )
            if changed:
                await jobs.enqueue("refresh_cards", user_id=user_id)
                return str(member["picture"])

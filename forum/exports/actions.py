"""Archives: asked for, made behind the pages, downloaded once, forgotten."""

import asyncio
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from forum import jobs
from forum.accounts.confirming import check_own_password
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.errors import Invalid, require
from forum.exports.archive import write_archive
from forum.exports.models import ExportState
from forum.exports.queries import LIFETIME, archive_numbered, archive_of_link, exports_folder
from forum.i18n import gettext as _
from forum.i18n import speaking
from forum.links import LinkSpent
from forum.mail.actions import write_mail
from forum.mail.office import the_office
from forum.storage import store_of
from realtime import log
from realtime.sql import sql


async def ask_for_archive(viewer: Viewer, password: str, base_url: str) -> None:
    """Have an archive of the viewer's data made; it takes the place of one that was not downloaded.

    Raises:
        Forbidden: a visitor.
        Invalid: not their password, or one is being made already; the sentence is at `password` or `form`.
    """
    require(viewer.signed_in)
    await check_own_password(viewer.member_id, password)
    async with log.transaction():
        rows = await sql(
            """INSERT INTO data_exports (user_id, state, file, bytes, asked_at)
                VALUES ({0}, 'waiting', {1}, 0, {2})
                ON CONFLICT (user_id) DO UPDATE SET state = 'waiting', file = {1}, bytes = 0, asked_at = {2},
                    ready_at = NULL WHERE data_exports.state = 'ready' RETURNING id""",
            viewer.member_id,
            f"{token_hex(16)}.zip",
            now(),
        )
        if not rows:
            raise Invalid(fields={"form": _("Your archive is being made: you will be sent a mail.")})
        await jobs.enqueue("make_archive", export_id=rows[0]["id"], locale=viewer.locale, base_url=base_url)


async def make_archive(export_id: int, locale: str, base_url: str) -> None:
    """The job: write the file, then say by mail where it is. Run again, it writes the same file."""
    archive, folder = await archive_numbered(export_id), exports_folder(the_office().config.data)
    if archive is None or archive.state is not ExportState.WAITING:
        return
    with speaking(locale):
        config = the_office().config
        size = await write_archive(folder / archive.file, config.data, store_of(config), archive.user_id)
    async with log.transaction():
        rows = await sql(
            """UPDATE data_exports SET state = 'ready', bytes = {1}, ready_at = {2}
                WHERE id = {0} AND state = 'waiting' AND file = {3}
                RETURNING (SELECT email FROM users WHERE id = user_id) AS email""",
            export_id,
            size,
            now(),
            archive.file,
        )
        if rows and rows[0]["email"]:
            await write_mail("archive_ready", rows[0]["email"], base_url, locale, export_id=export_id)
    if not rows:
        (folder / archive.file).unlink(missing_ok=True)


async def take_archive(config: Config, viewer: Viewer, token: str) -> BinaryIO:
    """Open the file of a mailed link, for good: neither the link nor the file is there afterwards.

    Raises:
        LinkSpent: used, too old, not ours, or somebody else's.
    """
    archive = await archive_of_link(config, viewer, token)
    async with log.transaction():
        taken = await sql(
            "DELETE FROM data_exports WHERE id = {0} AND file = {1} AND state = 'ready' RETURNING id",
            archive.id,
            archive.file,
        )
    if not taken:
        raise LinkSpent
    return await asyncio.to_thread(_last_open, exports_folder(config.data) / archive.file)


def _last_open(path: Path) -> BinaryIO:
    """The file, which has no name any more: it goes when it is closed, whatever happens."""
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise LinkSpent from error
    path.unlink()
    return file


async def forget_archives() -> None:
    """The job: archives that nobody fetched in a week, and files that no row names."""
    async with log.transaction():
        await sql("DELETE FROM data_exports WHERE state = 'ready' AND ready_at < {0}", now() - LIFETIME)
    await _remove_nameless_files()


async def forget_archive_of(user_id: int) -> int:
    """A step of erasing: the member's archive and its file; how many there were."""
    rows = await sql("DELETE FROM data_exports WHERE user_id = {0} RETURNING id", user_id)
    await _remove_nameless_files()
    return len(rows)


async def _remove_nameless_files() -> None:
    known = {row["file"] for row in await sql("SELECT file FROM data_exports")}
    await asyncio.to_thread(_remove_others, exports_folder(the_office().config.data), known)


def _remove_others(folder: Path, known: set[str]) -> None:
    for path in folder.glob("*"):
        if path.with_suffix(".zip").name not in known:
            path.unlink(missing_ok=True)

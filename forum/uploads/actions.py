"""A file is sent: looked at, made harmless, kept, counted."""

import logging
from collections.abc import Iterable
from pathlib import PurePath
from secrets import token_hex

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.channels import topic_channel
from forum.clock import now
from forum.errors import Invalid, require
from forum.i18n import format_megabytes
from forum.i18n import gettext as _
from forum.mail.office import the_office
from forum.settings.known import UPLOAD_MEGABYTES, UPLOAD_QUOTA_MEGABYTES
from forum.settings.queries import setting
from forum.storage import Store, store_of
from forum.uploads.extraction import kind_of_document, words_of_document
from forum.uploads.images import Made, image_made_anew
from forum.uploads.kinds import DOCUMENTS, TEXTS, kind_of
from forum.uploads.names import clean_filename, file_key, thumbnail_key
from forum.uploads.queries import FILE_COLUMNS, UploadFile, bytes_of, upload_file
from realtime import log
from realtime.log import Record
from realtime.sql import sql

MEGABYTE = 1_000_000

logger = logging.getLogger("relais.uploads.store")


async def keep_upload(viewer: Viewer, store: Store, filename: str, body: bytes) -> UploadFile:
    """Keep a file that the viewer sent, for a post that they write.

    Args:
        filename: as the browser says; only its words are kept.
        body: at least one byte more than the limit of a file tells that it is too heavy.

    Raises:
        Forbidden: a visitor.
        Invalid: empty, too heavy, of a kind that is not taken, unreadable, or beyond what a member may keep;
            the sentence stands at `file`.
        Unavailable: others are being read.
    """
    require(viewer.signed_in)
    await _check_size(viewer, len(body))
    made = await _made(filename, body)
    name = token_hex(16)
    try:
        await store.put(file_key(name, made.extension), made.body)
        for width, thumbnail in made.thumbnails:
            await store.put(thumbnail_key(name, width), thumbnail)
        return await _count(viewer, name, clean_filename(filename, made.extension), made)
    except BaseException:
        await _take_away(store, name, made)
        raise


async def _take_away(store: Store, name: str, made: Made) -> None:
    """What was not counted is not kept; if the store does not answer, `forget_orphans` does it in a day."""
    try:
        await forget_files(store, name, made.extension, [width for width, _body in made.thumbnails])
    except Exception:
        logger.warning("a file that nobody has stays in the store until its day is over", exc_info=True)


async def _check_size(viewer: Viewer, size: int) -> None:
    if not size:
        raise Invalid(fields={"file": _("Choose a file first.")})
    most = await setting(UPLOAD_MEGABYTES)
    if size > most * MEGABYTE:
        raise Invalid(fields={"file": _("This file is too heavy: %(n)s MB at the most.") % {"n": most}})
    if await bytes_of(viewer.member_id) + size > await setting(UPLOAD_QUOTA_MEGABYTES) * MEGABYTE:
        raise Invalid(fields={"file": await _beyond_quota(viewer)})


async def _beyond_quota(viewer: Viewer) -> str:
    sentence = _("Your files weigh %(used)s MB together, of %(most)s: there is no room for this one.")
    used = format_megabytes(await bytes_of(viewer.member_id), viewer.locale)
    return sentence % {"used": used, "most": await setting(UPLOAD_QUOTA_MEGABYTES)}


async def _made(filename: str, body: bytes) -> Made:
    kind = kind_of(body)
    if kind == "image":
        return await image_made_anew(body)
    if kind == "text":
        ending = PurePath(filename).suffix.lower().removeprefix(".")
        return Made(ending if ending in TEXTS else TEXTS[0], body)
    if kind == "pdf":
        return Made(kind, body)
    if kind == "zip":
        return Made(await kind_of_document(body), body)
    raise Invalid(fields={"file": _("This kind of file is not taken.")})


async def _count(viewer: Viewer, name: str, filename: str, made: Made) -> UploadFile:
    """The row. The member's own row is locked first: files sent at once are counted one after the other."""
    async with log.transaction():
        await sql("UPDATE users SET id = id WHERE id = {0}", viewer.member_id)
        if await bytes_of(viewer.member_id) + len(made.body) > await _quota():
            raise Invalid(fields={"file": await _beyond_quota(viewer)})
        rows = await sql(
            f"""INSERT INTO uploads (user_id, name, extension, original_filename, filesize, width, height,
                    thumbnails, text, created_at, unused_since)
                VALUES ({{0}}, {{1}}, {{2}}, {{3}}, {{4}}, {{5}}, {{6}}, {{7}}, '', {{8}}, {{8}})
                RETURNING {FILE_COLUMNS.replace("up.", "")}""",
            viewer.member_id,
            name,
            made.extension,
            filename,
            len(made.body),
            made.width,
            made.height,
            ",".join(str(width) for width, _body in made.thumbnails),
            now(),
        )
        if made.extension in DOCUMENTS:
            await jobs.enqueue("read_document", upload_id=rows[0]["id"])
    return upload_file(rows[0])


async def _quota() -> int:
    return await setting(UPLOAD_QUOTA_MEGABYTES) * MEGABYTE


async def read_document(upload_id: int) -> None:
    """The job: keep what a document says, for the search. What cannot be read has no words."""
    rows = await sql(f"SELECT {FILE_COLUMNS} FROM uploads up WHERE up.id = {{0}}", upload_id)
    for upload in map(upload_file, rows):
        key = file_key(upload.name, upload.extension)
        body = await store_of(the_office().config).get(key, 0, upload.filesize)
        words = await words_of_document(body)
        async with log.transaction() as record:
            await sql("UPDATE uploads SET text = {1} WHERE id = {0}", upload_id, words)
            await _tell_topics(record, upload_id)


async def _tell_topics(record: Record, upload_id: int) -> None:
    """The pages of topics that begin with this file may show what it says."""
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE deleted_at IS NULL AND id IN (SELECT p.topic_id
            FROM post_uploads x JOIN posts p ON p.id = x.post_id AND p.post_number = 1
            WHERE x.upload_id = {0}) RETURNING id""",
        upload_id,
    )
    for row in rows:
        record(topic_channel(row["id"]), "topic.revised", topic_id=row["id"])


async def let_go(upload_id: int) -> bool:
    """Delete the row of a file; False when a post has come to show it meanwhile."""
    async with log.transaction():
        rows = await sql(
            """DELETE FROM uploads WHERE id = {0} AND unused_since IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM post_uploads WHERE upload_id = {0}) RETURNING id""",
            upload_id,
        )
    return bool(rows)


async def forget_files(store: Store, name: str, extension: str, widths: Iterable[int]) -> None:
    """Remove a file with its smaller copies from where it is kept."""
    await store.remove(file_key(name, extension))
    for width in widths:
        await store.remove(thumbnail_key(name, width))

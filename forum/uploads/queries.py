"""Files as they are shown, for those who may have them."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.queries import a_visitor
from forum.accounts.viewer import Viewer
from forum.errors import NotFound
from forum.pending.waiting import HELD_TABLES
from forum.uploads.names import NAME
from forum.uploads.permissions import may_have_upload
from realtime.sql import sql

FILE_COLUMNS = """up.id, up.user_id AS sender_id, up.name, up.extension, up.original_filename, up.filesize,
    up.width, up.height, up.thumbnails"""


class UploadFile(Struct, frozen=True):
    """A file: sizes in bytes and in pixels, the widths of its smaller copies; whether it is for everybody."""

    id: int
    sender_id: int
    name: str
    extension: str
    original_filename: str
    filesize: int
    width: int
    height: int
    thumbnails: tuple[int, ...]
    everyones: bool = False


class UploadPlace(Struct, frozen=True):
    """A post that shows a file, with what permissions ask about."""

    post_id: int
    author_id: int
    category_id: int
    deleted: bool
    topic_deleted: bool


async def upload_visible_to(viewer: Viewer, name: str) -> UploadFile:
    """The file of that name.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    for upload, places in await _named([name]):
        if may_have_upload(viewer, upload.sender_id, places) or (
            not places and await _may_decide_about(viewer, upload)
        ):
            visitor = await a_visitor(viewer.locale)
            return replace(upload, everyones=may_have_upload(visitor, upload.sender_id, places))
    raise NotFound


async def uploads_for_text(
    names: Iterable[str], writer: Viewer | None, post_id: int | None
) -> dict[str, UploadFile]:
    """Of these names, the files that a text may show: what its writer may have, what the post shows already.

    Args:
        writer: None when nobody writes: a text is cooked again.
    """
    return {
        upload.name: upload
        for upload, places in await _named(names)
        if any(place.post_id == post_id for place in places)
        or (writer is not None and may_have_upload(writer, upload.sender_id, places))
    }


async def _named(names: Iterable[str]) -> list[tuple[UploadFile, list[UploadPlace]]]:
    """The files of these names, each with the posts that show it."""
    known = [f"'{name}'" for name in names if NAME.fullmatch(name)]
    if not known:
        return []
    rows = await sql(
        f"""SELECT DISTINCT {FILE_COLUMNS}, x.post_id, p.user_id AS author_id, t.category_id,
                p.deleted_at IS NOT NULL AS deleted, t.deleted_at IS NOT NULL AS topic_deleted
            FROM uploads up LEFT JOIN post_uploads x ON x.upload_id = up.id
            LEFT JOIN posts p ON p.id = x.post_id LEFT JOIN topics t ON t.id = p.topic_id
            WHERE up.name IN ({", ".join(known)}) ORDER BY up.id"""
    )
    found: dict[int, tuple[UploadFile, list[UploadPlace]]] = {}
    for row in rows:
        _upload, places = found.setdefault(row["id"], (upload_file(row), []))
        if row["post_id"] is not None:
            places.append(
                UploadPlace(
                    row["post_id"],
                    row["author_id"],
                    row["category_id"],
                    bool(row["deleted"]),
                    bool(row["topic_deleted"]),
                )
            )
    return list(found.values())


def upload_file(row: dict[str, Any]) -> UploadFile:
    """A row of `FILE_COLUMNS`."""
    widths = tuple(int(width) for width in row["thumbnails"].split(",") if width)
    return UploadFile(
        row["id"], row["sender_id"], row["name"], row["extension"], row["original_filename"],
        row["filesize"], row["width"], row["height"], widths,
    )  # fmt: skip


async def _may_decide_about(viewer: Viewer, upload: UploadFile) -> bool:
    """Whether a post that waits where this viewer looks after the theme shows the file."""
    if not viewer.moderated:
        return False
    rows = await sql(
        f"""SELECT COALESCE(ht.category_id, h.category_id) AS category_id FROM {HELD_TABLES}
            WHERE h.user_id = {{0}} AND h.raw LIKE {{1}}""",
        upload.sender_id,
        f"%{upload.name}%",
    )
    return any(viewer.moderates(row["category_id"]) for row in rows)


async def bytes_of(user_id: int) -> int:
    """How much a member's files weigh together."""
    rows = await sql("SELECT COALESCE(SUM(filesize), 0) AS n FROM uploads WHERE user_id = {0}", user_id)
    return int(rows[0]["n"])

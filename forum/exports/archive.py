"""The archive itself: one JSON file for each kind of data, pictures, files, and an index that explains them.

It is written piece by piece, so that a member who wrote a lot needs no more memory than another.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import orjson

from forum.personal import HOLDINGS, Export
from forum.pictures.files import file_of, pictures_folder
from forum.pictures.shapes import SIZES
from forum.storage import Store, pieces
from forum.uploads.names import file_key
from realtime.sql import as_datetime, sql

PIECE = 500
FORMAT = 1
PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


async def write_archive(path: Path, data: Path, store: Store, user_id: int) -> int:
    """Write a member's archive; its size in bytes. It has its name only once it is whole.

    Args:
        path: where.
        data: the site's data, for the pictures.
        store: where files are kept.
    """
    partial = path.with_suffix(".part")
    await asyncio.to_thread(path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("index.json", orjson.dumps(_index(), option=PRETTY))
        for export in exports():
            await _write_rows(archive, export, user_id)
        await _write_pictures(archive, data, user_id)
        await _write_uploads(archive, store, user_id)
    await asyncio.to_thread(partial.rename, path)
    return os.stat(path).st_size


def exports() -> list[Export]:
    """The files of an archive."""
    return [export for holding in HOLDINGS.values() for export in holding.exports]


def _index() -> dict[str, Any]:
    """What each file is, in the member's language."""
    files = {export.file: h.what() for h in HOLDINGS.values() for export in h.exports}
    return {"format": FORMAT, "times": "UTC, ISO 8601", "files": files}


async def _write_rows(archive: ZipFile, export: Export, user_id: int) -> None:
    """An array, a row a line."""
    with archive.open(export.file, "w") as file:
        separator = b"[\n"
        async for rows in _pieces(export, user_id):
            lines = b",\n".join(orjson.dumps(_plain(row, export.flags)) for row in rows)
            await asyncio.to_thread(file.write, separator + lines)
            separator = b",\n"
        file.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


async def _pieces(export: Export, user_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    after = 0
    while rows := await sql(export.query, user_id, after, PIECE):
        yield rows
        after = rows[-1]["id"]


def _plain(row: Mapping[str, Any], flags: tuple[str, ...]) -> dict[str, Any]:
    """A row the same from either database."""
    return {name: _value(name, value, name in flags) for name, value in row.items()}


def _value(name: str, value: Any, flag: bool) -> Any:
    if value is None:
        return None
    if name.endswith(("_at", "_until")):
        return as_datetime(value).isoformat()
    return bool(value) if flag else value


async def _write_uploads(archive: ZipFile, store: Store, user_id: int) -> None:
    """The files sent, under the names that `uploads.json` gives; one that is lost is not there."""
    after = 0
    query = "SELECT id, name, extension, filesize FROM uploads WHERE user_id = {0} AND id > {1} ORDER BY id"
    while rows := await sql(f"{query} LIMIT {PIECE}", user_id, after):
        for row in rows:
            with suppress(FileNotFoundError):
                await _write_upload(archive, store, row)
        after = rows[-1]["id"]


async def _write_upload(archive: ZipFile, store: Store, row: Mapping[str, Any]) -> None:
    key = file_key(row["name"], row["extension"])
    await store.get(key, 0, 1)
    with archive.open(f"uploads/{row['name']}.{row['extension']}", "w") as file:
        async for piece in pieces(store, key, 0, row["filesize"]):
            await asyncio.to_thread(file.write, piece)


async def _write_pictures(archive: ZipFile, data: Path, user_id: int) -> None:
    (member,) = await sql("SELECT picture FROM users WHERE id = {0}", user_id)
    for size in SIZES if member["picture"] else ():
        file = file_of(pictures_folder(data), member["picture"], size)
        if file.exists():
            archive.write(file, f"picture/{size}.webp", ZIP_STORED)

"""Where files of members are kept, whatever keeps them: bytes under keys such as `files/0f3a.pdf`."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from forum.config import Config

PIECE = 256 * 1024


class Store(Protocol):
    """What keeps files. Keys are ours: nothing that somebody typed is ever part of one."""

    async def put(self, key: str, body: bytes) -> None:
        """Keep a file, for good, when this returns."""

    async def get(self, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`.

        Raises:
            FileNotFoundError: there is no such file.
        """

    async def remove(self, key: str) -> None:
        """Let a file go; one that is not there is no fault."""

    def listed(self, folder: str) -> AsyncIterator[tuple[str, datetime]]:
        """The keys of a folder, each with the time of its file."""


class Disk:
    """A folder of this machine.

    Args:
        root: the folder; made at the first need.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, key: str, body: bytes) -> None:
        """As `Store`; the file has its name only once it is whole."""
        await asyncio.to_thread(self._put, self.root / key, body)

    @staticmethod
    def _put(path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{token_hex(4)}.part")
        try:
            with partial.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def get(self, key: str, start: int, end: int) -> bytes:
        """As `Store`."""
        return await asyncio.to_thread(self._get, self.root / key, start, end)

    @staticmethod
    def _get(path: Path, start: int, end: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    async def remove(self, key: str) -> None:
        """As `Store`."""
        await asyncio.to_thread((self.root / key).unlink, missing_ok=True)

    async def listed(self, folder: str) -> AsyncIterator[tuple[str, datetime]]:
        """As `Store`."""
        for name, at in await asyncio.to_thread(self._listed, self.root / folder):
            yield f"{folder}/{name}", at

    @staticmethod
    def _listed(folder: Path) -> list[tuple[str, datetime]]:
        found = []
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if entry.is_file(follow_symlinks=False):
                        found.append((entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)))
        return found


class Bucket:
    """A folder of an object store that speaks S3.

    Args:
        url: `s3://KEY:SECRET@host[:port]/bucket[/folder]?region=…`, over https unless it says `scheme=http`;
            a secret with signs in it is written with %.
    """

    def __init__(self, url: str) -> None:
        from obstore.store import S3Store

        parts, wishes = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
        bucket, _slash, folder = parts.path.strip("/").partition("/")
        scheme = wishes.get("scheme", "https")
        self._store = S3Store(
            bucket,
            prefix=folder or None,
            endpoint=f"{scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}",
            region=wishes.get("region", "us-east-1"),
            access_key_id=unquote(parts.username or ""),
            secret_access_key=unquote(parts.password or ""),
            client_options={"allow_http": scheme == "http", "timeout": "30s", "connect_timeout": "5s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )

    async def put(self, key: str, body: bytes) -> None:
        """As `Store`."""
        await self._store.put_async(key, body)

    async def get(self, key: str, start: int, end: int) -> bytes:
        """As `Store`."""
        return bytes(await self._store.get_range_async(key, start=start, end=end))

    async def remove(self, key: str) -> None:
        """As `Store`."""
        with suppress(FileNotFoundError):
            await self._store.delete_async(key)

    async def listed(self, folder: str) -> AsyncIterator[tuple[str, datetime]]:
        """As `Store`."""
        async for found in self._store.list(folder):
            for one in found:
                yield one["path"], one["last_modified"]


async def pieces(store: Store, key: str, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` up to `end`, piece by piece: a large file needs no more memory."""
    while start < end and (piece := await store.get(key, start, min(end, start + PIECE))):
        start += len(piece)
        yield piece


def store_of(config: Config) -> Store:
    """Where this site keeps the files of its members."""
    return _bucket(config.uploads_url) if config.uploads_url else Disk(config.data / "uploads")


@cache
def _bucket(url: str) -> Bucket:
    """One for the process: it keeps its connections."""
    return Bucket(url)


async def try_store(store: Store) -> None:
    """Keep a file, read it, remove it (`relais check`).

    Raises:
        OSError, BaseError of obstore: whatever is wrong with the store.
    """
    key = f"trials/{token_hex(16)}"
    await store.put(key, b"relais")
    kept = await store.get(key, 0, 6)
    await store.remove(key)
    if kept != b"relais":
        raise OSError("what was kept is not what was read")

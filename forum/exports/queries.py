"""A member's own archive, by itself and by its link."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.exports.models import ExportState
from forum.links import LinkSpent, Payload, fingerprint, opened
from realtime.sql import as_datetime, sql

PURPOSE = "data export"
LIFETIME = timedelta(days=7)


class Archive(Struct, frozen=True):
    """An archive that was asked for."""

    id: int
    user_id: int
    state: ExportState
    file: str
    bytes: int
    asked_at: datetime
    ready_at: datetime | None

    @property
    def ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.state is ExportState.READY and self.until > now()

    @property
    def until(self) -> datetime:
        """When it is deleted, downloaded or not."""
        return (self.ready_at or self.asked_at) + LIFETIME

    @property
    def link(self) -> Payload:
        """What the link of its mail carries: another archive has another."""
        return [self.id, fingerprint(self.id, self.user_id, self.file)]


def exports_folder(data: Path) -> Path:
    """Where archives lie until they are downloaded, in the site's data."""
    return data / "exports"


async def archive_of(viewer: Viewer) -> Archive | None:
    """The viewer's own, if one is being made or waits to be downloaded."""
    return await _archive("user_id", viewer.member_id)


async def archive_numbered(id: int) -> Archive | None:
    """The archive of that id."""
    return await _archive("id", id)


async def _archive(column: str, value: int) -> Archive | None:
    rows: list[dict[str, Any]] = await sql(
        f"""SELECT id, user_id, state, file, bytes, asked_at, ready_at FROM data_exports
            WHERE {column} = {{0}}""",
        value,
    )
    if not rows:
        return None
    row = rows[0]
    row.update(
        state=ExportState(row["state"]),
        asked_at=as_datetime(row["asked_at"]),
        ready_at=as_datetime(row["ready_at"]) if row["ready_at"] else None,
    )
    return Archive(**row)


async def archive_of_link(config: Config, viewer: Viewer, token: str) -> Archive:
    """The archive that a link opens, for its owner alone.

    Raises:
        LinkSpent: used, too old, not ours, or somebody else's: one same answer.
    """
    payload = opened(config, PURPOSE, token, LIFETIME)
    archive = await archive_numbered(int(payload[0])) if payload else None
    if archive is None or not archive.ready or payload != archive.link or archive.user_id != viewer.id:
        raise LinkSpent
    return archive

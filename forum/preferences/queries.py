"""A member's own sessions."""

from datetime import datetime

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.preferences.devices import Device, device_of
from realtime.sql import as_datetime, sql


class OpenSession(Struct, frozen=True):
    """A browser in which the member is signed in; `last_seen_at` is right to a quarter of an hour."""

    id: int
    device: Device
    address: str
    created_at: datetime
    last_seen_at: datetime
    here: bool
    provider_name: str = ""


async def sessions_of(viewer: Viewer) -> list[OpenSession]:
    """Where the viewer is signed in: this browser first, then the last used."""
    rows = await sql(
        """SELECT s.id, user_agent, address, created_at, last_seen_at, p.provider_name FROM sessions s
            LEFT JOIN provider_sessions p ON p.session_id = s.id
            WHERE user_id = {0} AND expires_at > {1} ORDER BY last_seen_at DESC, s.id DESC""",
        viewer.member_id,
        now(),
    )
    found = [
        OpenSession(
            id=row["id"],
            device=device_of(row["user_agent"]),
            address=row["address"],
            created_at=as_datetime(row["created_at"]),
            last_seen_at=as_datetime(row["last_seen_at"]),
            here=row["id"] == viewer.session_id,
            provider_name=row["provider_name"] or "",
        )
        for row in rows
    ]
    return sorted(found, key=lambda session: not session.here)

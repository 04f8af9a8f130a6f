"""Invitations as their inviter sees them, and as their link opens them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.links import LinkSpent, Payload, fingerprint, opened
from forum.settings.known import SIGN_UP
from forum.settings.queries import setting
from realtime.sql import as_datetime, sql

INVITE = "invitation"
# The row says when it ends: no setting makes one last longer.
LONGEST = timedelta(days=100)
MOST = 200
# After the end of one that nobody accepted.
FORGOTTEN_AFTER = timedelta(days=30)


class InvitationLine(Struct, frozen=True):
    """One of one's own invitations; `state` is open, accepted, revoked or expired."""

    id: int
    email: str
    state: str
    created_at: datetime
    expires_at: datetime
    group_name: str
    member_username: str
    member_name: str


class OpenInvitation(Struct, frozen=True):
    """An invitation that can be accepted now."""

    id: int
    email: str
    inviter_id: int
    inviter_name: str
    group_id: int | None
    message: str
    locale: str
    expires_at: datetime

    @property
    def link(self) -> Payload:
        """What its link carries."""
        return [self.id, fingerprint(self.id, self.email)]


async def invitations_of(user_id: int) -> list[InvitationLine]:
    """A member's own, the latest first."""
    rows = await sql(
        f"""SELECT i.id, i.email, i.created_at, i.expires_at, i.revoked_at, i.accepted_at,
            COALESCE(NULLIF(g.full_name, ''), g.name, '') AS group_name,
            COALESCE(m.username, '') AS member_username,
            COALESCE(NULLIF(m.name, ''), m.username, '') AS member_name
            FROM invitations i LEFT JOIN groups g ON g.id = i.group_id
            LEFT JOIN users m ON m.id = i.accepted_by_id
            WHERE i.inviter_id = {{0}} ORDER BY i.id DESC LIMIT {MOST}""",
        user_id,
    )
    return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> InvitationLine:
    accepted, revoked = row.pop("accepted_at"), row.pop("revoked_at")
    created, expires = as_datetime(row.pop("created_at")), as_datetime(row.pop("expires_at"))
    over = "revoked" if revoked else ("expired" if expires <= now() else "open")
    state = "accepted" if accepted else over
    return InvitationLine(**row, state=state, created_at=created, expires_at=expires)


async def open_invitation(id: int) -> OpenInvitation | None:
    """The invitation of that id, if its inviter is still a member and nothing has ended it."""
    rows = await sql(
        """SELECT i.id, i.email, i.inviter_id, COALESCE(NULLIF(u.name, ''), u.username) AS inviter_name,
            i.group_id, i.message, i.locale, i.expires_at
            FROM invitations i JOIN users u ON u.id = i.inviter_id
            WHERE i.id = {0} AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > {1}
            AND u.deactivated_at IS NULL AND (u.suspended_until IS NULL OR u.suspended_until < {1})""",
        id,
        now(),
    )
    if not rows:
        return None
    return OpenInvitation(**{**rows[0], "expires_at": as_datetime(rows[0]["expires_at"])})


async def invitation_of_link(config: Config, token: str) -> OpenInvitation:
    """What a mailed link opens.

    Raises:
        LinkSpent: used, revoked, too old, not ours; the site takes nobody; or the address is a member's.
    """
    payload = opened(config, INVITE, token, LONGEST)
    found = await open_invitation(int(payload[0])) if payload else None
    if found is None or payload != found.link or await setting(SIGN_UP) == "closed":
        raise LinkSpent
    if await sql("SELECT 1 FROM users WHERE email = {0}", found.email):
        raise LinkSpent
    return found


class GroupChoice(Struct, frozen=True):
    """A group to which one may invite."""

    id: int
    name: str


async def groups_to_invite_to(viewer: Viewer) -> list[GroupChoice]:
    """Those in which the viewer may put members."""
    rows = await sql(
        """SELECT id, COALESCE(NULLIF(full_name, ''), name) AS name FROM groups g WHERE {1} OR EXISTS
            (SELECT 1 FROM group_users o WHERE o.group_id = g.id AND o.user_id = {0} AND o.owner)
            ORDER BY 2""",
        viewer.id or 0,
        viewer.admin,
    )
    return [GroupChoice(**row) for row in rows]

"""Sessions: a random token in the cookie, its hash in the table."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from msgspec import Struct

from forum.accounts.models import Session
from forum.accounts.permissions import may_answer_for
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.erasures.steps import call_off
from forum.errors import NotFound, require
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql

LIFETIME = timedelta(days=30)
# The last use of a session is noted this often: a write now and then, not one a request.
NOTED_EVERY = timedelta(minutes=15)
SEEN_EVERY = timedelta(days=1)


def hash_token(token: str) -> str:
    """What the table keeps of a token: someone who reads the table cannot use it."""
    return sha256(token.encode()).hexdigest()


class Browser(Struct, frozen=True):
    """From where somebody signs in, and what the browser says that it is."""

    address: str
    user_agent: str


async def open_session(user_id: int, address: str, user_agent: str) -> str:
    """Sign a member in: the new token, to be set as a cookie. Pages come here by `factors.entry.let_in`."""
    async with log.transaction():
        return await add_session(user_id, Browser(address, user_agent))


async def add_session(user_id: int, browser: Browser) -> str:
    """A step of signing in: the token of a new session. Always a new one (no fixation)."""
    token = token_urlsafe(32)
    await call_off(user_id)
    await _note_that_seen(user_id)
    await Session.create(
        token_hash=hash_token(token),
        user_id=user_id,
        expires_at=now() + LIFETIME,
        last_seen_at=now(),
        address=browser.address[:64],
        user_agent=browser.user_agent[:300],
    )
    return token


async def close_session(session_id: int) -> None:
    """Sign out: the token is worth nothing from here on, and its live connections end."""
    async with log.transaction() as record:
        await close_sessions(record, "id = {0}", session_id)


async def end_session(viewer: Viewer, session_id: int) -> None:
    """Sign a browser out from elsewhere.

    Raises:
        NotFound: no such session, or one of somebody else's (administrators may end anyone's).
    """
    rows = await sql("SELECT user_id FROM sessions WHERE id = {0}", session_id)
    if not rows or not may_answer_for(viewer, rows[0]["user_id"]):
        raise NotFound
    async with log.transaction() as record:
        await close_sessions(record, "id = {0}", session_id)
        await _note_if_not_own(viewer, rows[0]["user_id"])


async def end_own_session(viewer: Viewer, session_id: int) -> None:
    """Sign one of one's own browsers out.

    Raises:
        NotFound: no such session, or one of somebody else's.
    """
    async with log.transaction() as record:
        if not await close_sessions(record, "id = {0} AND user_id = {1}", session_id, viewer.member_id):
            raise NotFound


async def end_other_sessions(viewer: Viewer) -> int:
    """Sign a member out of every browser but the one that asks; how many that was."""
    async with log.transaction() as record:
        others = "user_id = {0} AND id <> {1}"
        return await close_sessions(record, others, viewer.member_id, viewer.session_id or 0)


async def end_all_sessions(viewer: Viewer, user_id: int) -> int:
    """Sign a member out everywhere; how many browsers that was. Programs' keys stay.

    Raises:
        Forbidden: neither the member nor an administrator.
    """
    require(may_answer_for(viewer, user_id))
    async with log.transaction() as record:
        count = await close_sessions(record, "user_id = {0}", user_id)
        await _note_if_not_own(viewer, user_id)
    return count


async def _note_if_not_own(viewer: Viewer, user_id: int) -> None:
    if viewer.id != user_id:
        await note(viewer.id, Act.LOG_OUT_USER, user_id=user_id)


async def close_sessions(record: Record, which: str, *values: object) -> int:
    """A step of ending: these sessions go, and what was connected with them is told not to come back.

    Args:
        which: a condition on `sessions`, with the placeholders of `values`.

    Returns:
        How many there were.
    """
    rows = await sql(f"DELETE FROM sessions WHERE {which} RETURNING id", *values)
    for row in rows:
        rights.session_ended(record, str(row["id"]))
    return len(rows)


def use_is_due(viewer: Viewer) -> bool:
    """Whether the last use of the viewer's session was noted so long ago that it must be noted again."""
    return viewer.session_seen_at is not None and viewer.session_seen_at <= now() - NOTED_EVERY


async def note_use(viewer: Viewer, address: str) -> None:
    """Note that the viewer's session is in use, and from where; once for requests that come together."""
    async with log.transaction():
        await sql(
            "UPDATE sessions SET last_seen_at = {1}, address = {2} WHERE id = {0} AND last_seen_at <= {3}",
            viewer.session_id,
            now(),
            address[:64],
            now() - NOTED_EVERY,
        )
        await _note_that_seen(viewer.member_id)


async def _note_that_seen(user_id: int) -> None:
    """For the retention of accounts that nobody uses; a day's grain is enough."""
    await sql(
        "UPDATE users SET last_seen_at = {1} WHERE id = {0} AND (last_seen_at IS NULL OR last_seen_at < {2})",
        user_id,
        now(),
        now() - SEEN_EVERY,
    )

"""Keys of programs."""

from datetime import timedelta
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any

from msgspec.structs import replace

from forum.accounts.models import User
from forum.accounts.permissions import may_answer_for
from forum.accounts.queries import viewer_of_id, viewer_of_user
from forum.accounts.viewer import Viewer, key_session
from forum.api.models import ApiKey
from forum.clock import now
from forum.errors import Forbidden, NotFound
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import log, rights
from realtime.sql import as_datetime, at_once, sql

USE_NOTED = timedelta(hours=1)


async def create_key(username: str | None, *, unlimited: bool = False) -> str:
    """Make a key: for one member, or without a name for all of them. Only its hash is kept.

    Raises:
        NotFound: no member of that name.
    """
    user = await User.get_or_none(username_lower=username.lower()) if username else None
    if username and user is None:
        raise NotFound(_("There is no member of that name."))
    key = token_hex(32)
    async with log.transaction():
        made = await ApiKey.create(key_hash=hash_key(key), user=user, unlimited=unlimited)
        await note(None, Act.API_KEY_CREATE, user_id=user.id if user else None, details={"key_id": made.id})
    return key


def hash_key(key: str) -> str:
    """What the table keeps of a key."""
    return sha256(key.encode()).hexdigest()


async def viewer_of_key(key: str, username: str, locale: str) -> tuple[Viewer, bool]:
    """The member on whose behalf a key speaks, and whether it is free of rate limits.

    Args:
        username: `Api-Username`; a key of one member speaks for that member alone.

    Raises:
        Forbidden: unknown or revoked key, unknown member, or another member's name.
    """
    row, viewer = await at_once(partial(_read_key, key, username, locale), brief=True)
    if viewer is None:
        raise Forbidden(_("This key does not open anything."))
    await _note_use(row["id"], row["last_used_at"])
    return replace(viewer, key_id=row["id"]), bool(row["unlimited"])


async def _read_key(key: str, username: str, locale: str) -> tuple[dict[str, Any], Viewer | None]:
    rows = await sql(
        "SELECT id, user_id, unlimited, last_used_at FROM api_keys"
        " WHERE key_hash = {0} AND revoked_at IS NULL",
        hash_key(key),
    )
    return (rows[0], await _speaker(rows[0]["user_id"], username, locale)) if rows else ({}, None)


async def opens_everything(key: str) -> bool:
    """Whether this is a key of all users that has not been revoked."""
    rows = await sql(
        "SELECT id, last_used_at FROM api_keys"
        " WHERE key_hash = {0} AND user_id IS NULL AND revoked_at IS NULL",
        hash_key(key),
    )
    if rows:
        await _note_use(rows[0]["id"], rows[0]["last_used_at"])
    return bool(rows)


async def _note_use(key_id: int, last: Any) -> None:
    """When a key was last used, to the hour: enough to find idle ones, and reads stay reads."""
    if last is None or now() - as_datetime(last) > USE_NOTED:
        async with log.transaction():
            await sql("UPDATE api_keys SET last_used_at = {1} WHERE id = {0}", key_id, now())


async def _speaker(owner_id: int | None, username: str, locale: str) -> Viewer | None:
    if owner_id is None:
        return await viewer_of_user(username, locale) if username else None
    viewer = await viewer_of_id(owner_id, locale)
    named_right = viewer is not None and username.lower() in ("", viewer.username.lower())
    return viewer if named_right else None


async def key_opens(key_id: int) -> bool:
    """Whether a key that was looked up before still opens anything."""
    return bool(await sql("SELECT 1 FROM api_keys WHERE id = {0} AND revoked_at IS NULL", key_id))


async def revoke_key(viewer: Viewer, key_id: int) -> None:
    """A key opens nothing from here on, and what is connected with it ends.

    Raises:
        NotFound: no such key, or one of somebody else's (administrators may revoke any).
    """
    rows = await sql("SELECT user_id FROM api_keys WHERE id = {0}", key_id)
    if not rows or not may_answer_for(viewer, rows[0]["user_id"]):
        raise NotFound(_("There is no such key."))
    async with log.transaction() as record:
        await sql("UPDATE api_keys SET revoked_at = {1} WHERE id = {0} AND revoked_at IS NULL", key_id, now())
        if viewer.id != rows[0]["user_id"]:
            await note(viewer.id, Act.API_KEY_REVOKE, user_id=rows[0]["user_id"], details={"key_id": key_id})
        rights.session_ended(record, key_session(key_id))


async def all_keys() -> list[dict[str, Any]]:
    """Every key, oldest first: `id`, `username` (None for a key of all users), when made, used, revoked."""
    return await sql(
        """SELECT k.id, u.username, k.created_at, k.last_used_at, k.revoked_at
            FROM api_keys k LEFT JOIN users u ON u.id = k.user_id ORDER BY k.id"""
    )

"""Keys of programs."""

from datetime import timedelta
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any

from forum.accounts.models import User
from forum.accounts.queries import viewer_of_id, viewer_of_user
from forum.accounts.viewer import Viewer
from forum.api.models import ApiKey
from forum.clock import now
from forum.errors import Forbidden, NotFound
from forum.i18n import gettext as _
from realtime import log
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
        await ApiKey.create(key_hash=hash_key(key), user=user, unlimited=unlimited)
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
    return viewer, bool(row["unlimited"])


async def _read_key(key: str, username: str, locale: str) -> tuple[dict[str, Any], Viewer | None]:
    rows = await sql(
        "SELECT id, user_id, unlimited, last_used_at FROM api_keys"
        " WHERE key_hash = {0} AND revoked_at IS NULL",
        hash_key(key),
    )
    return (rows[0], await _speaker(rows[0]["user_id"], username, locale)) if rows else ({}, None)


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

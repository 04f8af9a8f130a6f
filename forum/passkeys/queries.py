"""Passkeys as ceremonies need them."""

from base64 import urlsafe_b64decode
from typing import Any

from msgspec import Struct

from forum.passkeys.ceremonies import Key
from realtime.sql import sql


class OwnedKey(Struct, frozen=True):
    """A key, and whose it is."""

    id: int
    user_id: int
    key: Key


async def keys_of(user_id: int) -> list[Key]:
    """A member's keys."""
    rows = await sql(
        "SELECT credential_id, transports, public_key, sign_count FROM passkeys WHERE user_id = {0}", user_id
    )
    return [_key(row) for row in rows]


async def key_called(credential_id: str) -> OwnedKey | None:
    """The key of that id, unless its owner's account is closed."""
    rows = await sql(
        """SELECT p.id, p.user_id, p.credential_id, p.transports, p.public_key, p.sign_count
            FROM passkeys p JOIN users u ON u.id = p.user_id
            WHERE p.credential_id = {0} AND u.deactivated_at IS NULL""",
        credential_id,
    )
    return OwnedKey(rows[0]["id"], rows[0]["user_id"], _key(rows[0])) if rows else None


def _key(row: dict[str, Any]) -> Key:
    return Key(
        row["credential_id"],
        tuple(row["transports"].split()),
        urlsafe_b64decode(row["public_key"]),
        row["sign_count"],
    )

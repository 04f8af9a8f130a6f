"""A member's second factors, and whoever owes one at the door."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from msgspec import Struct, field

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.credentials.queries import account_numbered
from forum.errors import NotFound
from forum.suspensions.refusal import check_suspension
from realtime.sql import as_datetime, sql

# For so long after a sign-in, or after giving the password again, factors are changed without more ado.
RECENT = timedelta(minutes=15)

# Of member `{0}`: what asks for a second step at sign-in. Codes on paper alone do not.
HAS_FACTOR = """(EXISTS (SELECT 1 FROM totps f WHERE f.user_id = {0} AND f.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM passkeys f WHERE f.user_id = {0}))"""


async def has_factor(user_id: int) -> bool:
    """Whether a right password is not enough for this member."""
    rows = await sql(f"SELECT {HAS_FACTOR} AS found", user_id)
    return bool(rows[0]["found"])


class Passkey(Struct, frozen=True):
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class Factors(Struct, frozen=True):
    """What a member has: since when an application, which passkeys, how many codes left on paper."""

    application_since: datetime | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        """True when sign-in asks for a second factor."""
        return self.application_since is not None or bool(self.passkeys)


async def factors_of(user_id: int) -> Factors:
    """A member's own factors."""
    application = await sql(
        "SELECT confirmed_at FROM totps WHERE user_id = {0} AND confirmed_at IS NOT NULL", user_id
    )
    keys = await sql(
        "SELECT id, name, created_at, last_used_at FROM passkeys WHERE user_id = {0} ORDER BY id", user_id
    )
    since = as_datetime(application[0]["confirmed_at"]) if application else None
    return Factors(since, [_passkey(row) for row in keys], await codes_left(user_id))


def _passkey(row: dict[str, Any]) -> Passkey:
    used = row["last_used_at"]
    return Passkey(
        row["id"], row["name"], as_datetime(row["created_at"]), as_datetime(used) if used else None
    )


async def codes_left(user_id: int) -> int:
    """How many codes on paper are still good."""
    rows = await sql(
        "SELECT COUNT(*) AS n FROM recovery_codes WHERE user_id = {0} AND used_at IS NULL", user_id
    )
    return int(rows[0]["n"])


async def good_codes(user_id: int, hashes: set[str]) -> set[str]:
    """Of these hashes, those of codes on paper that are still good."""
    rows = await sql("SELECT code_hash FROM recovery_codes WHERE user_id = {0} AND used_at IS NULL", user_id)
    return hashes & {row["code_hash"] for row in rows}


async def sealed_secret(user_id: int, *, confirmed: bool) -> str | None:
    """The sealed secret of a member's application, in use or still to be confirmed."""
    state = "NOT NULL" if confirmed else "NULL"
    rows = await sql(f"SELECT secret FROM totps WHERE user_id = {{0}} AND confirmed_at IS {state}", user_id)
    return str(rows[0]["secret"]) if rows else None


async def is_recent(viewer: Viewer) -> bool:
    """Whether whoever uses this session showed a short while ago that it is theirs."""
    rows = await sql(
        "SELECT 1 FROM sessions WHERE id = {0} AND (created_at > {1} OR confirmed_at > {1})",
        viewer.session_id,
        now() - RECENT,
    )
    return bool(rows)


class Wish(Struct, frozen=True):
    """Where somebody goes once they are in, and what they had typed before: a draft from then on.

    `id_token` is the identity provider's, if it was the provider that vouched for them.
    """

    return_to: str = "/"
    draft_key: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    id_token: str = ""


class Pending(Struct, frozen=True):
    """Somebody who gave the right password of an account, and owes its second factor."""

    id: int
    user_id: int
    username: str
    has_application: bool
    has_passkey: bool
    wish: Wish


async def pending_of(token: str | None) -> Pending | None:
    """Who waits behind a cookie's token; None when spent, too old, or of an account that has changed.

    Raises:
        Suspended: the account is kept out since the password was given.
    """
    rows = await sql(
        """SELECT p.id, p.user_id, p.mark, p.wish, u.username,
                EXISTS (SELECT 1 FROM totps f
                    WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS has_totp,
                EXISTS (SELECT 1 FROM passkeys f WHERE f.user_id = u.id) AS has_passkey
            FROM pending_sign_ins p JOIN users u ON u.id = p.user_id
            WHERE p.token_hash = {0} AND p.expires_at > {1}""",
        hash_pending(token or ""),
        now(),
    )
    if not rows or rows[0]["mark"] != await mark_of(rows[0]["user_id"]):
        return None
    row = rows[0]
    await check_suspension(row["user_id"])
    wish = Wish(**orjson.loads(row["wish"]))
    return Pending(
        row["id"], row["user_id"], row["username"], bool(row["has_totp"]), bool(row["has_passkey"]), wish
    )


def hash_pending(token: str) -> str:
    """What the table keeps of a pending sign-in's token: another hash than a session's."""
    return sha256(f"pending {token}".encode()).hexdigest()


async def mark_of(user_id: int) -> str:
    """What changes with the account's password or address; "" once it is closed."""
    try:
        return (await account_numbered(user_id)).mark
    except NotFound:
        return ""

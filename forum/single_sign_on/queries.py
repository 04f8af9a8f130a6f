"""Identities of members, and people who have arrived from the provider."""

from datetime import datetime, timedelta

from msgspec import Struct

from forum.accounts.sessions import hash_token
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.single_sign_on.claims import Identity, OpenedBy
from realtime.sql import as_datetime, sql

ARRIVAL_LIFETIME = timedelta(minutes=15)
# Longer than a token of sign-out is taken, and than somebody may owe a second factor.
SIGN_OUTS_KEPT = timedelta(hours=1)
CLAIMS = "issuer, subject, email, name, siret, unit"


class Waiting(Struct, frozen=True):
    """Somebody who has arrived, and is not a member by this identity."""

    identity: Identity
    id_token: str
    return_to: str
    address_is_known: bool


class Associated(Struct, frozen=True):
    """A member's identity, as the provider told it at the last sign-in."""

    email: str
    name: str
    siret: str
    unit: str
    last_used_at: datetime


async def waiting_of(token: str | None) -> Waiting | None:
    """Who holds this token of an arrival, if it is not over."""
    rows = await sql(
        f"""SELECT {CLAIMS}, id_token, return_to,
            email <> '' AND EXISTS (SELECT 1 FROM users u WHERE u.email = a.email) AS known
            FROM single_sign_on_arrivals a WHERE token_hash = {{0}} AND created_at > {{1}}""",
        hash_token(token or ""),
        now() - ARRIVAL_LIFETIME,
    )
    if not rows:
        return None
    row = rows[0]
    identity = Identity(
        row["issuer"], row["subject"], row["email"], row["email"], row["name"], row["siret"], row["unit"]
    )
    return Waiting(identity, row["id_token"], row["return_to"], bool(row["known"]))


async def associated_of(user_id: int, issuer: str) -> Associated | None:
    """A member's identity at this provider."""
    rows = await sql(
        """SELECT email, name, siret, unit, last_used_at FROM user_associated_accounts
            WHERE user_id = {0} AND issuer = {1}""",
        user_id,
        issuer,
    )
    if not rows:
        return None
    row = rows[0]
    return Associated(row["email"], row["name"], row["siret"], row["unit"], as_datetime(row["last_used_at"]))


async def has_password(user_id: int) -> bool:
    """Whether a member can sign in without the provider."""
    return bool(await sql("SELECT 1 FROM users WHERE id = {0} AND password_hash IS NOT NULL", user_id))


async def id_token_of(viewer: Viewer) -> str | None:
    """The provider's token that opened the viewer's session, if it was the provider."""
    rows = await sql("SELECT id_token FROM provider_sessions WHERE session_id = {0}", viewer.session_id or 0)
    return str(rows[0]["id_token"]) if rows else None


async def is_signed_out(by: OpenedBy) -> bool:
    """Whether the provider has told since that this person, or this session of theirs, signed out."""
    rows = await sql(
        """SELECT 1 FROM provider_sign_outs WHERE issuer = {0} AND subject IN ({1}, '')
            AND (sid = {2} OR (subject <> '' AND (sid = '' OR {3}))) AND issued_at >= {4}""",
        by.issuer,
        by.subject,
        by.sid,
        not by.sid,
        by.issued_at,
    )
    return bool(rows)

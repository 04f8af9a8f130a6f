"""Sessions: a random token in the cookie, its hash in the table."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from forum.accounts.models import Session
from forum.clock import now
from realtime import log, rights
from realtime.sql import sql

LIFETIME = timedelta(days=30)


def hash_token(token: str) -> str:
    """What the table keeps of a token: someone who reads the table cannot use it."""
    return sha256(token.encode()).hexdigest()


async def open_session(user_id: int, address: str, user_agent: str) -> str:
    """Sign a member in: the new token, to be set as a cookie. Always a new one (no fixation)."""
    token = token_urlsafe(32)
    async with log.transaction():
        await Session.create(
            token_hash=hash_token(token),
            user_id=user_id,
            expires_at=now() + LIFETIME,
            last_seen_at=now(),
            address=address[:64],
            user_agent=user_agent[:300],
        )
    return token


async def close_session(session_id: int) -> None:
    """Sign out: the token is worth nothing from here on, and its live connections end."""
    async with log.transaction() as record:
        await sql("DELETE FROM sessions WHERE id = {0}", session_id)
        rights.session_ended(record, str(session_id))

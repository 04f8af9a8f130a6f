"""A sign-out that the provider tells of: OpenID Connect Back-Channel Logout 1.0. Pure.

Its token is signed like one that tells who somebody is; what it must not hold keeps the one from passing for
the other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.single_sign_on.claims import MAX_SUBJECT

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = ("logout+jwt", "application/logout+jwt", "jwt")
# How old a token may be when it comes, and how far the two clocks may be apart.
OLDEST, APART = timedelta(minutes=5), timedelta(minutes=1)


class NoSignOut(ValueError):
    """A token that ends nothing; the text says why, for the log."""


class SignOut(Struct, frozen=True):
    """Whom the provider has signed out: everywhere, or in one session there. One of the two may be ""."""

    number: str
    issuer: str
    subject: str
    sid: str
    issued_at: datetime


def sign_out_of(
    header: Mapping[str, Any], claims: Mapping[str, Any], issuer: str, client_id: str, now: datetime
) -> SignOut:
    """Read a token whose signature was checked.

    Raises:
        NoSignOut: it is another kind of token, another site's, too old, or says nobody.
    """
    if str(header.get("typ", "jwt")).lower() not in TYPES:
        raise NoSignOut("another type of token")
    if claims.get("iss") != issuer:
        raise NoSignOut("another issuer")
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        raise NoSignOut("for another site")
    if "nonce" in claims:
        raise NoSignOut("it has a nonce, as tokens of sign-in have")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise NoSignOut("it tells of no sign-out")
    issued_at = _issued_at(claims, now)
    subject, sid = _name(claims, "sub"), _name(claims, "sid")
    if not subject and not sid:
        raise NoSignOut("it says neither who nor which session")
    number = _name(claims, "jti")
    if not number:
        raise NoSignOut("it has no number")
    return SignOut(number, issuer, subject, sid, issued_at)


def _issued_at(claims: Mapping[str, Any], now: datetime) -> datetime:
    issued_at = _time(claims["iat"]) if "iat" in claims else None
    if issued_at is None or not now - OLDEST - APART <= issued_at <= now + APART:
        raise NoSignOut("it is of another time")
    if "exp" in claims and _time(claims["exp"]) < now - APART:
        raise NoSignOut("it is over")
    return issued_at


def _time(value: object) -> datetime:
    """A number of seconds that makes a date (`True` is a number too, in Python)."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**11:
        return datetime.fromtimestamp(value, UTC)
    raise NoSignOut("its times are none")


def _name(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_SUBJECT or "\0" in value:
        raise NoSignOut(f"{name} cannot be kept")
    return value

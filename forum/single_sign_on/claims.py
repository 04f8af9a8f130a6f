"""What a provider says of a person, as it is kept. Pure."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from msgspec import Struct

from forum.accounts.addresses import email_address
from forum.accounts.fields import MAX_USERNAME, USERNAME
from forum.profiles.names import clean_name
from forum.text import slugify

SIRET = re.compile(r"[0-9]{14}", re.ASCII)
MAX_SUBJECT, MAX_UNIT = 255, 160


class Identity(Struct, frozen=True):
    """Who somebody is there: `issuer` and `subject` alone; the rest is said of them.

    `email` is "" unless it is confirmed; `shown_email` is what was said, confirmed or not.
    """

    issuer: str
    subject: str
    email: str
    shown_email: str
    name: str
    siret: str
    unit: str


def identity_of(issuer: str, claims: Mapping[str, Any], *, trusts_email: bool) -> Identity:
    """Read the claims; one that is not what it should be counts as not said.

    Args:
        claims: `sub` and the rest, from a provider whose signature was checked.
        trusts_email: whether an address counts without `email_verified`.

    Raises:
        ValueError: no subject that can be kept.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or "\0" in subject:
        raise ValueError("no usable subject")
    address = email_address(_text(claims, "email")) or ""
    verified = claims.get("email_verified", trusts_email) is True
    siret = _text(claims, "siret").replace(" ", "")
    return Identity(
        issuer=issuer,
        subject=subject,
        email=address if verified else "",
        shown_email=address,
        name=_name(claims),
        siret=siret if SIRET.fullmatch(siret) else "",
        unit=_line(_text(claims, "organizational_unit"))[:MAX_UNIT],
    )


class OpenedBy(Struct, frozen=True):
    """Which session at the provider opened one here; `sid` is "" where it does not name its sessions."""

    issuer: str
    subject: str
    sid: str
    issued_at: datetime


def opened_by(id_token: str) -> OpenedBy:
    """What an identity token says of the provider's session. Its signature was checked when it came."""
    body = id_token.split(".")[1]
    claims = orjson.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    sid = _text(claims, "sid")
    issued_at = datetime.fromtimestamp(int(claims["iat"]), UTC)
    return OpenedBy(claims["iss"], claims["sub"], sid if len(sid) <= MAX_SUBJECT else "", issued_at)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _line(text: str) -> str:
    """In one line, of signs that show."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _name(claims: Mapping[str, Any]) -> str:
    """ProConnect says the first name and the usual name; others the family name, or the whole."""
    last = _text(claims, "usual_name") or _text(claims, "family_name")
    first = _text(claims, "given_name")
    name = _line(f"{first} {last}" if first and last else _text(claims, "name") or first or last)
    try:
        return clean_name(name)
    except ValueError:
        return ""


def suggested_username(identity: Identity) -> str:
    """A user name made of the person's name, else of their address; perhaps already taken."""
    for text in (identity.name, identity.shown_email.partition("@")[0]):
        word = slugify(text).replace("-", ".")[: MAX_USERNAME - 4].strip(".")
        if USERNAME.fullmatch(word):
            return word
    return "membre"

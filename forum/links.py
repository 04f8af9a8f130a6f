"""What travels by mail: a signed token that is good for one purpose, for a time, and for a row as it is now.

The payload names the row and carries its fingerprint; using the link changes the row, and so spends the link.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from forum.clock import now
from forum.config import Config, secret_key
from forum.errors import NotFound

MAX_TOKEN = 1_000

Payload = Sequence[int | str]


class LinkSpent(NotFound):
    """A link of a mail that was used, is too old, or never was."""


class _Signer(TimestampSigner):
    """On the forum's clock."""

    def get_timestamp(self) -> int:
        return int(now().timestamp())


def fingerprint(*values: object) -> str:
    """What changes when one of these values does, and tells nothing of them."""
    return sha256("\0".join(map(repr, values)).encode()).hexdigest()[:24]


def sign(config: Config, purpose: str, payload: Payload) -> str:
    """A token for this purpose only, as it may stand in an address."""
    return str(_serializer(config, purpose).dumps(list(payload)))


def opened(config: Config, purpose: str, token: str, lifetime: timedelta) -> list[int | str] | None:
    """The payload of a token; None when it is not ours, for another purpose, or too old."""
    if len(token) > MAX_TOKEN:
        return None
    try:
        payload = _serializer(config, purpose).loads(token, max_age=int(lifetime.total_seconds()))
    except BadData:
        return None
    return list(payload)


@cache
def _serializer(config: Config, purpose: str) -> URLSafeTimedSerializer:
    digest = {"digest_method": sha256}
    return URLSafeTimedSerializer(
        secret_key(config), f"relais {purpose}", signer=_Signer, signer_kwargs=digest
    )

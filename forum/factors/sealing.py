"""What lies in a table and must not be read there: sealed with the site's secret key, for one row only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from secrets import token_bytes
from typing import TYPE_CHECKING

from forum.config import Config, secret_key

# The library loads with the first secret: a start does without it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def seal(config: Config, place: str, text: str) -> str:
    """A text that only `unseal` reads, with the same key and for the same place.

    Args:
        place: the row, such as "totp 7": what is moved to another row cannot be read there.
    """
    nonce = token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _cipher(config).encrypt(nonce, text.encode(), place.encode())).decode()


def unseal(config: Config, place: str, sealed: str) -> str | None:
    """The text; None when the site's key is not the one of then, or the row is another one."""
    from cryptography.exceptions import InvalidTag

    raw = urlsafe_b64decode(sealed)
    try:
        return _cipher(config).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
    except InvalidTag:
        return None


@cache
def _cipher(config: Config) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"relais sealing")
    return AESGCM(derived.derive(secret_key(config).encode()))

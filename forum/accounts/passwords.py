"""Passwords: argon2id, off the event loop, at most one a core at a time."""

import asyncio
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

# The longest is for the sake of what looks at them; no person types as much.
MIN_LENGTH, MAX_LENGTH = 12, 200

# OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 22 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_cores = asyncio.Semaphore(os.cpu_count() or 1)
# What is verified when there is no such account, so that the answer takes as long: the hash of a word that
# nobody kept, by the parameters above (a test holds them together). Made at start it would cost 45 ms.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$gkOcXfmaifcf/wBCeWzk0g$IvDNFjiD6KH8hFVBQ+jIFuvuhGN7J29UwSPfb7C8o+I"


async def hash_password(password: str) -> str:
    """The password's argon2id hash."""
    async with _cores:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long when there is no hash to compare with."""
    password = password[: MAX_LENGTH + 1]
    async with _cores:
        right = await asyncio.to_thread(_verify, password, password_hash or NOBODY)
    return right and password_hash is not None


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False

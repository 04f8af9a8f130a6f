"""User names to begin with."""

from forum.accounts.fields import MAX_USERNAME, username_fault
from forum.accounts.queries import is_taken
from forum.profiles.queries import staff_name_fault


async def free_username_like(wanted: str) -> str:
    """The user name that was wanted, else the nearest that nobody has; "" if a hundred are taken.

    Args:
        wanted: as user names are written.
    """
    stem = wanted[: MAX_USERNAME - 4].rstrip("._-")
    for candidate in (wanted, *(f"{stem}{number}" for number in range(2, 100))):
        if await _is_free(candidate):
            return candidate
    return ""


async def _is_free(username: str) -> bool:
    return not (username_fault(username) or await is_taken(username) or await staff_name_fault(username))

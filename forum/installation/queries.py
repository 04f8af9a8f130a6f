"""Whether anybody looks after the site, and the link with which its first administrator enters."""

from datetime import timedelta
from secrets import token_hex

from forum.config import Config
from forum.links import LinkSpent, opened, sign
from realtime.sql import sql

FIRST = "first administrator"
LIFETIME = timedelta(days=1)


async def has_administrator() -> bool:
    """Whether there is or was one: a closed account of theirs does not bring the link back."""
    return bool(await sql("SELECT 1 FROM users WHERE admin LIMIT 1"))


def first_link(config: Config, address: str) -> str:
    """The address of the page that makes the first administrator, good for a day.

    Args:
        address: where the site answers, when none is configured.
    """
    return f"{config.base_url or address}/setup/{sign(config, FIRST, [token_hex(8)])}"


async def check_first_link(config: Config, token: str) -> None:
    """
    Raises:
        LinkSpent: not ours, too old, or there is an administrator.
    """
    if opened(config, FIRST, token, LIFETIME) is None or await has_administrator():
        raise LinkSpent

"""Settings as they are now."""

from typing import TypeVar

from forum.settings.known import Setting
from realtime.sql import sql

Value = TypeVar("Value")


async def setting(wanted: Setting[Value]) -> Value:
    """The value of a setting, its default if nobody has chosen another."""
    rows = await sql("SELECT value FROM site_settings WHERE name = {0}", wanted.name)
    return wanted.read(rows[0]["value"]) if rows else wanted.default

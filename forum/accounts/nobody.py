"""The account that signs what erased accounts had written: one for all, so that nothing tells them apart."""

from datetime import datetime

from forum.i18n import gettext as _
from realtime.sql import sql

# Nobody may take this name (`fields.username_fault`); it is also what takes the place of a mention.
NOBODY = "compte-supprime"


def shown_name(name: str, username: str) -> str:
    """The name that people read."""
    return _("Deleted account") if username == NOBODY else name or username


async def nobody_id(at: datetime) -> int:
    """A step of erasing: the account's id; it is made, closed, at the first need."""
    await sql(
        """INSERT INTO users (username, username_lower, name, title, affiliation, admin, moderator,
            created_at, deactivated_at) VALUES ({0}, {0}, '', '', '', {1}, {1}, {2}, {2})
            ON CONFLICT (username_lower) DO NOTHING""",
        NOBODY,
        False,
        at,
    )
    rows = await sql("SELECT id FROM users WHERE username_lower = {0}", NOBODY)
    return int(rows[0]["id"])

"""A step of whatever makes a member of a sign-up."""

from forum.clock import now
from forum.links import LinkSpent
from realtime.sql import as_datetime, sql


async def become_member(signup_id: int, username: str) -> int:
    """Make the account, within the caller's transaction; the sign-up goes. The member's id.

    Raises:
        LinkSpent: there is no such sign-up any more.
        IntegrityError: the name or the address is a member's.
    """
    spent = await sql(
        """DELETE FROM signups WHERE id = {0}
            RETURNING name, email, password_hash, locale, charter_version, charter_accepted_at""",
        signup_id,
    )
    if not spent:
        raise LinkSpent
    asked = spent[0]
    accepted_at = asked["charter_accepted_at"]
    rows = await sql(
        """INSERT INTO users (username, username_lower, name, email, password_hash, title, affiliation,
            admin, moderator, locale, created_at, charter_version, charter_accepted_at)
           VALUES ({0}, {1}, {2}, {3}, {4}, '', '', {5}, {5}, {6}, {7}, {8}, {9}) RETURNING id""",
        username,
        username.lower(),
        asked["name"],
        asked["email"],
        asked["password_hash"],
        False,
        asked["locale"],
        now(),
        asked["charter_version"],
        as_datetime(accepted_at) if accepted_at else None,
    )
    return int(rows[0]["id"])

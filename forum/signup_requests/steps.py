"""Steps of signing up where staff decide: what one says of oneself, and that one waits from now on."""

from forum.categories.queries import STAFF
from forum.channels import user_channel
from forum.clock import now
from realtime.log import Record
from realtime.sql import sql


async def keep_motive(signup_id: int, motive: str) -> None:
    """Keep what somebody says of themselves, until their address is confirmed."""
    await sql(
        """INSERT INTO signup_requests (signup_id, motive, is_open, reason, message)
            VALUES ({0}, {1}, {2}, '', '')""",
        signup_id,
        motive,
        False,
    )


async def open_request(record: Record, signup_id: int, username: str, motive: str) -> bool:
    """The address is confirmed: staff are asked, once. Whether it is asked now.

    Args:
        motive: what counts if nothing was said at the sign-up, because other rules held then.
    """
    rows = await sql(
        """INSERT INTO signup_requests (signup_id, motive, confirmed_at, is_open, reason, message)
            SELECT s.id, {1}, {2}, {3}, '', '' FROM signups s WHERE s.id = {0}
                AND NOT EXISTS (SELECT 1 FROM users u WHERE u.email = s.email)
            ON CONFLICT (signup_id) DO UPDATE SET confirmed_at = excluded.confirmed_at, is_open = {3}
            WHERE signup_requests.confirmed_at IS NULL RETURNING id""",
        signup_id,
        motive,
        now(),
        True,
    )
    if not rows:
        return False
    await sql(
        "UPDATE signups SET username = {1}, username_lower = {2} WHERE id = {0}",
        signup_id,
        username,
        username.lower(),
    )
    await tell_deciders(record)
    return True


async def tell_deciders(record: Record) -> None:
    """The badge of each moderator and administrator; nobody else hears that there is a request."""
    for row in await sql(f"SELECT u.id FROM users u WHERE {STAFF} AND u.deactivated_at IS NULL"):
        record(user_channel(row["id"]), "review.changed", user_id=row["id"])

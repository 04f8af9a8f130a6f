"""Steps that others take about erasures."""

from realtime.sql import sql

# On `users`: whoever goes leaves somebody who administers the site.
OTHER_ADMIN = """(NOT admin OR EXISTS (SELECT 1 FROM users o WHERE o.admin AND o.deactivated_at IS NULL
    AND o.id <> users.id))"""


async def call_off(user_id: int) -> bool:
    """A step of signing in: an erasure that the member asked for, or was warned of, is off.

    Not one that has begun, nor one that an administrator has decided.
    """
    rows = await sql(
        "DELETE FROM erasures WHERE user_id = {0} AND started_at IS NULL AND cause <> 'staff' RETURNING id",
        user_id,
    )
    return bool(rows)

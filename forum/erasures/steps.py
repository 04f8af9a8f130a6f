"""Steps that others take about erasures."""

from realtime.sql import sql

# On `users`: whoever goes leaves somebody who administers the site.
OTHER_ADMIN = """(NOT admin OR EXISTS (SELECT 1 FROM users o WHERE o.admin AND o.deactivated_at IS NULL
    AND o.id <> users.id))"""
# On `erasures`: those that signing in calls off.
STILL_OFF = "user_id = {0} AND started_at IS NULL AND cause <> 'staff'"


async def call_off(user_id: int) -> None:
    """A step of signing in: an erasure that the member asked for, or was warned of, is off.

    Not one that has begun, nor one that an administrator has decided.
    """
    await sql(f"DELETE FROM erasures WHERE {STILL_OFF}", user_id)


async def may_be_called_off(user_id: int) -> bool:
    """Whether there is one that signing in calls off."""
    return bool(await sql(f"SELECT 1 FROM erasures WHERE {STILL_OFF}", user_id))

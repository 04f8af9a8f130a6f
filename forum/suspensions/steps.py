"""Steps of suspending and letting in again: the appeal that belongs to it, and who hears of it."""

from forum.channels import user_channel
from forum.clock import now
from forum.errors import Conflict
from forum.i18n import gettext as _
from forum.reviewables.models import Decision
from forum.suspensions.waiting import JUDGES
from realtime.log import Record
from realtime.sql import sql


async def take_member(user_id: int) -> None:
    """Take the account's lock: one after the other suspends, appeals, decides."""
    await sql("UPDATE users SET id = id WHERE id = {0}", user_id)


async def begin_suspension(user_id: int, judge_id: int | None) -> None:
    """A suspension that may be appealed once, in the place of the one before.

    Raises:
        Conflict: an appeal against the one before waits, and would be lost.
    """
    await take_member(user_id)
    if await sql("SELECT 1 FROM suspensions WHERE user_id = {0} AND is_open = true", user_id):
        raise Conflict(_("This member has appealed a suspension: decide that first, in the queue."))
    await sql(
        """INSERT INTO suspensions (user_id, suspended_by_id, created_at, message, is_open, reason)
            VALUES ({0}, {1}, {2}, '', {3}, '')""",
        user_id,
        judge_id,
        now(),
        False,
    )


async def settle_appeal(record: Record, user_id: int, judge_id: int | None) -> None:
    """Whoever is let in again by another way has no appeal that waits."""
    rows = await sql(
        """UPDATE suspensions SET is_open = {1}, decision = {2}, decided_by_id = {3}, decided_at = {4}
            WHERE user_id = {0} AND is_open = true RETURNING id""",
        user_id,
        False,
        Decision.OVERTURN.value,
        judge_id,
        now(),
    )
    if rows:
        await tell_judges(record, user_id)


async def tell_judges(record: Record, user_id: int) -> None:
    """The badge of each who may decide about this member; nobody else hears that there is an appeal."""
    rows = await sql(
        f"""SELECT u.id FROM users u JOIN users m ON m.id = {{0}} WHERE {JUDGES}
            AND u.deactivated_at IS NULL""",
        user_id,
    )
    for row in rows:
        record(user_channel(row["id"]), "review.changed", user_id=row["id"])

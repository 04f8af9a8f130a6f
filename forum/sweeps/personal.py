"""What the deletion of all posts of an account holds about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Holding, Leaver, deletes, holds, signs_as_nobody, with_the_account
from realtime.log import Record
from realtime.sql import sql


async def _forget_what_was_deleted(leaver: Leaver, record: Record) -> int:
    """Before the acts, which would take all of it with them at once."""
    rows = await sql(
        f"""DELETE FROM swept_posts WHERE id IN (SELECT s.id FROM swept_posts s
            JOIN sweeps w ON w.id = s.sweep_id WHERE w.user_id = {{0}} ORDER BY s.id LIMIT {BATCH})
            RETURNING id""",
        leaver.id,
    )
    return len(rows)


holds(
    Holding(
        "sweeps",
        what=lambda: _("That all posts of an account were deleted at once: whose, by whom, why."),
        kept=with_the_account,
        people=("user_id", "by_id"),
        texts=("reason",),
        withheld="what is told to the member is in decisions.json",
        erase=(_forget_what_was_deleted, deletes("sweeps"), signs_as_nobody("sweeps", "by_id")),
    )
)

"""What reuses hold about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds, with_the_topic
from realtime.log import Record
from realtime.sql import sql


async def _without_contact(leaver: Leaver, record: Record) -> int:
    """The record stays its organisation's; nobody is to be contacted through it any more."""
    few = f"SELECT id FROM reuses WHERE user_id = {{0}} ORDER BY id LIMIT {BATCH}"
    rows = await sql(
        f"UPDATE reuses SET user_id = {{1}}, contact = NULL WHERE id IN ({few}) RETURNING id",
        leaver.id,
        leaver.nobody_id,
    )
    return len(rows)


holds(
    Holding(
        "reuses",
        what=lambda: _(
            "What you wrote for your organisation about its reuses: state, changes, cost, whom to contact."
        ),
        kept=with_the_topic,
        people=("user_id",),
        texts=("changes", "reason", "contact"),
        exports=(
            Export(
                "reuses.json",
                """SELECT r.id, r.post_id, o.name AS organisation, r.state, r.since, r.changes, r.reason,
                    r.cost, r.months, r.staff_days, r.contact, r.created_at, r.updated_at
                    FROM reuses r JOIN organisations o ON o.id = r.organisation_id
                    WHERE r.user_id = {0} AND r.id > {1} ORDER BY r.id LIMIT {2}""",
            ),
        ),
        erase=(_without_contact,),
    )
)

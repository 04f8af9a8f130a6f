"""What looking after themes holds about people."""

from forum.categories.actions import touch_site
from forum.i18n import gettext as _
from forum.personal import Export, Holding, Leaver, holds, with_the_account
from realtime.log import Record
from realtime.sql import sql


async def _dismiss(leaver: Leaver, record: Record) -> int:
    """Every process reads again who looks after what."""
    if not await sql("SELECT 1 FROM category_animators WHERE user_id = {0} LIMIT 1", leaver.id):
        return 0
    await touch_site()
    return len(await sql("DELETE FROM category_animators WHERE user_id = {0} RETURNING id", leaver.id))


holds(
    Holding(
        "category_animators",
        what=lambda: _("The themes that you look after. Others see it."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "animates.json",
                """SELECT a.id, a.category_id, c.name FROM category_animators a
                    JOIN categories c ON c.id = a.category_id
                    WHERE a.user_id = {0} AND a.id > {1} ORDER BY a.id LIMIT {2}""",
            ),
        ),
        erase=(_dismiss,),
    )
)

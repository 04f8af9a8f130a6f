"""What reports hold about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, deletes, holds, with_the_account
from realtime.log import Record
from realtime.sql import sql


async def _forget_what_is_said_of_them(leaver: Leaver, record: Record) -> int:
    """The words of others about what whoever leaves wrote; before their posts change hands."""
    rows = await sql(
        f"""UPDATE flags SET message = '' WHERE id IN (SELECT f.id FROM flags f
            JOIN posts p ON p.id = f.post_id WHERE p.user_id = {{0}} AND f.message <> ''
            LIMIT {BATCH}) RETURNING id""",
        leaver.id,
    )
    return len(rows)


holds(
    Holding(
        "flags",
        what=lambda: _(
            "Your reports of posts: which, why, in which words. Those who look after the site read them; the"
            " author never learns whose they are."
        ),
        kept=with_the_account,
        people=("user_id",),
        texts=("message",),
        exports=(
            Export(
                "reports.json",
                """SELECT id, post_id, flag_type, message, created_at FROM flags
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_forget_what_is_said_of_them, deletes("flags")),
    )
)

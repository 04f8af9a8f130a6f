"""What the journal of staff acts holds about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds
from realtime.log import Record
from realtime.sql import sql


async def _forget_the_reasons(leaver: Leaver, record: Record) -> int:
    """The words about whoever leaves and what they wrote; before their posts change hands."""
    rows = await sql(
        f"""DELETE FROM staff_reasons WHERE id IN (SELECT r.id FROM staff_reasons r
            JOIN staff_actions s ON s.id = r.action_id LEFT JOIN posts p ON p.id = s.post_id
            LEFT JOIN topics t ON t.id = s.topic_id AND s.post_id IS NULL
            WHERE {{0}} IN (s.user_id, p.user_id, t.user_id) LIMIT {BATCH}) RETURNING id""",
        leaver.id,
    )
    return len(rows)


holds(
    Holding(
        "staff_actions",
        what=lambda: _(
            "The journal of what those who look after the site did to accounts and posts: by whom, when. It"
            " is the proof of their acts, and holds numbers, no names."
        ),
        kept=lambda: _("as long as the site; once you erase your account its numbers lead nowhere"),
        people=("actor_id", "user_id"),
        exports=(
            Export(
                "acts.json",
                # A note about a member is handed out as staff_notes is.
                """SELECT id, kind, created_at FROM staff_actions WHERE user_id = {0} AND id > {1}
                    AND kind <> 'note_user' ORDER BY id LIMIT {2}""",
            ),
        ),
        stays="a chain that nobody changes: its numbers lead nowhere once the account is gone",
    )
)
holds(
    Holding(
        "staff_reasons",
        what=lambda: _("Why they did it, in their words."),
        kept=lambda: _("until the account that it is about is erased"),
        texts=("words",),
        withheld="what is told to the member is in decisions.json and account.json",
        erase=(_forget_the_reasons,),
    )
)

"""What moderators' decisions hold about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds, signs_as_nobody, with_the_account
from realtime.log import Record
from realtime.sql import sql


async def _forget_the_words(leaver: Leaver, record: Record) -> int:
    """Reasons and appeals about what whoever leaves wrote; before their posts change hands."""
    rows = await sql(
        f"""UPDATE reviewables SET reason = '', message = '' WHERE id IN (SELECT r.id FROM reviewables r
            JOIN posts p ON p.id = r.post_id WHERE p.user_id = {{0}} AND (r.reason <> '' OR r.message <> '')
            LIMIT {BATCH}) RETURNING id""",
        leaver.id,
    )
    return len(rows)


async def _let_go(leaver: Leaver, record: Record) -> int:
    """What a moderator had taken in hand is free again."""
    rows = await sql(
        """UPDATE reviewables SET claimed_by_id = NULL, claimed_at = NULL WHERE claimed_by_id = {0}
            AND decision IS NULL RETURNING id""",
        leaver.id,
    )
    return len(rows)


holds(
    Holding(
        "reviewables",
        what=lambda: _("What was decided about your posts that were reported, why, and your appeals."),
        kept=with_the_account,
        people=("claimed_by_id", "decided_by_id"),
        texts=("reason", "message"),
        exports=(
            Export(
                "decisions.json",
                # As the author is told: that a report was set aside would tell that there was one.
                """SELECT r.id, r.post_id, r.decision, r.reason, r.message AS appeal, r.decided_at
                    FROM reviewables r JOIN posts p ON p.id = r.post_id WHERE p.user_id = {0} AND r.id > {1}
                    AND r.decision IN ('hide', 'delete', 'uphold', 'overturn') ORDER BY r.id LIMIT {2}""",
            ),
        ),
        erase=(
            _forget_the_words,
            _let_go,
            signs_as_nobody("reviewables", "claimed_by_id"),
            signs_as_nobody("reviewables", "decided_by_id"),
        ),
    )
)

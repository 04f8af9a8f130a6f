"""What suspensions and their appeals hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, signs_as_nobody, with_the_account

holds(
    Holding(
        "suspensions",
        what=lambda: _("When your account was suspended; your appeal, what was decided about it, and why."),
        kept=with_the_account,
        people=("user_id", "suspended_by_id", "claimed_by_id", "decided_by_id"),
        texts=("message", "reason"),
        exports=(
            Export(
                "suspensions.json",
                """SELECT id, created_at, message AS appeal, appealed_at, decision, reason, decided_at
                    FROM suspensions WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(
            deletes("suspensions"),
            signs_as_nobody("suspensions", "suspended_by_id"),
            signs_as_nobody("suspensions", "claimed_by_id"),
            signs_as_nobody("suspensions", "decided_by_id"),
        ),
    )
)

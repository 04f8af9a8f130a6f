"""What alerts hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, signs_as_nobody, with_the_account

holds(
    Holding(
        "notifications",
        what=lambda: _(
            "Your alerts: why, about which post, from whom, whether you have read them, when you were mailed."
        ),
        kept=with_the_account,
        people=("user_id", "actor_id"),
        exports=(
            Export(
                "alerts.json",
                """SELECT id, notification_type, topic_id, post_number, read, created_at, mailed_at
                    FROM notifications WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
                flags=("read",),
            ),
        ),
        erase=(deletes("notifications"), signs_as_nobody("notifications", "actor_id")),
    )
)

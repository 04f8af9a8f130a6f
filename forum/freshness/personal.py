"""What review dates hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, holds, signs_as_nobody, with_the_topic

holds(
    Holding(
        "review_dates",
        what=lambda: _("What you have confirmed to hold still, and when. Others read your name there."),
        kept=with_the_topic,
        people=("confirmed_by_id",),
        exports=(
            Export(
                "confirmations.json",
                """SELECT id, post_id, months, confirmed_at, due_at FROM review_dates
                    WHERE confirmed_by_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(signs_as_nobody("review_dates", "confirmed_by_id"),),
    )
)
holds(
    Holding(
        "supersessions",
        what=lambda: _("The newer topics that you have named in the place of others, and when."),
        kept=with_the_topic,
        people=("user_id",),
        exports=(
            Export(
                "supersessions.json",
                """SELECT id, post_id, successor_id, created_at FROM supersessions
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(signs_as_nobody("supersessions", "user_id"),),
    )
)

"""What reading and following hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "topic_users",
        what=lambda: _(
            "How far you have read, which topics you follow or mute, which you have unpinned for yourself. "
            "Nobody else sees it."
        ),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "follows.json",
                """SELECT id, topic_id, last_read_post_number, notification_level, first_visited_at,
                    last_visited_at, cleared_pinned_at FROM topic_users WHERE user_id = {0} AND id > {1}
                    ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("topic_users"),),
    )
)
holds(
    Holding(
        "category_users",
        what=lambda: _("Which themes you follow or mute. Nobody else sees it."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "followed_themes.json",
                """SELECT cu.id, cu.category_id, c.name AS theme, cu.notification_level FROM category_users cu
                    JOIN categories c ON c.id = cu.category_id WHERE cu.user_id = {0} AND cu.id > {1}
                    ORDER BY cu.id LIMIT {2}""",
            ),
        ),
        erase=(deletes("category_users"),),
    )
)

"""What first posts that wait hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, signs_as_nobody, with_the_account

holds(
    Holding(
        "pending_posts",
        what=lambda: _(
            "Your first posts, which wait until those who look after the site have read them: the text, what"
            " was decided, why, and your appeal."
        ),
        kept=with_the_account,
        people=("user_id", "claimed_by_id", "decided_by_id"),
        texts=("title", "raw", "reason", "message", "details"),
        exports=(
            Export(
                "waiting.json",
                # The reason as its author is told it.
                """SELECT id, topic_id, category_id, kind, title, tag_names, raw, details, created_at,
                    is_open, reason, message AS appeal, post_id FROM pending_posts
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
                flags=("is_open",),
            ),
        ),
        erase=(
            deletes("pending_posts"),
            signs_as_nobody("pending_posts", "claimed_by_id"),
            signs_as_nobody("pending_posts", "decided_by_id"),
        ),
    )
)

"""What accepted answers hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, holds, signs_as_nobody, with_the_topic

holds(
    Holding(
        "accepted_answers",
        what=lambda: _("The answers that you have accepted, and when."),
        kept=with_the_topic,
        people=("accepter_id",),
        exports=(
            Export(
                "accepted.json",
                """SELECT id, topic_id, post_id, created_at FROM accepted_answers
                    WHERE accepter_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(signs_as_nobody("accepted_answers", "accepter_id"),),
    )
)

"""What avoided questions hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "avoided_questions",
        what=lambda: _("The topics that answered you before you asked, for which their authors are thanked."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "avoided_questions.json",
                """SELECT id, topic_id, created_at FROM avoided_questions
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("avoided_questions"),),
    )
)

"""What the history of topics' fields holds about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, holds, signs_as_nobody, with_the_topic

holds(
    Holding(
        "kind_revisions",
        what=lambda: _("What you filled in on sheets, documents, offers and gatherings, and when."),
        kept=with_the_topic,
        people=("user_id",),
        texts=("data",),
        exports=(
            Export(
                "fields.json",
                """SELECT id, topic_id, version, data, created_at FROM kind_revisions
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(signs_as_nobody("kind_revisions", "user_id"),),
    )
)

"""What drafts hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds

holds(
    Holding(
        "drafts",
        what=lambda: _("Texts that you have begun and not published. Nobody else sees them."),
        kept=lambda: _("until you publish or empty them, or erase your account"),
        people=("user_id",),
        texts=("data",),
        exports=(
            Export(
                "drafts.json",
                """SELECT id, draft_key, data, updated_at FROM drafts
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("drafts"),),
    )
)

"""What passkeys hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds

holds(
    Holding(
        "passkeys",
        what=lambda: _(
            "The passkeys that you use to sign in: how you call them, their public half, when they were last"
            " used."
        ),
        kept=lambda: _("until you take it away, or erase your account"),
        people=("user_id",),
        exports=(
            Export(
                "passkeys.json",
                """SELECT id, name, transports, created_at, last_used_at FROM passkeys
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("passkeys"),),
    )
)

"""What groups hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "group_users",
        what=lambda: _("The groups in which you are, which open themes to you."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "groups.json",
                """SELECT gu.id, g.name, g.full_name FROM group_users gu JOIN groups g ON g.id = gu.group_id
                    WHERE gu.user_id = {0} AND gu.id > {1} ORDER BY gu.id LIMIT {2}""",
            ),
        ),
        erase=(deletes("group_users"),),
    )
)

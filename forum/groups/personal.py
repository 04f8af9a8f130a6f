"""What groups hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "groups",
        what=lambda: _("What owners of a group write of it, where they may name its members."),
        kept=lambda: _("as long as the group; without your name once you erase your account"),
        texts=("description",),
        withheld="it speaks of the group",
        stays="the name of whoever leaves is taken out of it (forum/erasures/texts.py)",
    )
)
holds(
    Holding(
        "group_users",
        what=lambda: _("The groups in which you are, or which you own: they open themes to you."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "groups.json",
                """SELECT gu.id, g.name, g.full_name, gu.owner FROM group_users gu
                    JOIN groups g ON g.id = gu.group_id
                    WHERE gu.user_id = {0} AND gu.id > {1} ORDER BY gu.id LIMIT {2}""",
                flags=("owner",),
            ),
        ),
        erase=(deletes("group_users"),),
    )
)
holds(
    Holding(
        "group_requests",
        what=lambda: _("The groups that you asked to join, in which words, and what was answered to you."),
        kept=with_the_account,
        people=("user_id",),
        texts=("message", "answer"),
        exports=(
            Export(
                "group_requests.json",
                """SELECT r.id, g.name, r.message, r.created_at, r.accepted, r.answer, r.decided_at
                    FROM group_requests r JOIN groups g ON g.id = r.group_id
                    WHERE r.user_id = {0} AND r.id > {1} ORDER BY r.id LIMIT {2}""",
                flags=("accepted",),
            ),
        ),
        erase=(deletes("group_requests"),),
    )
)

"""What asking one's peers holds about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "peer_requests",
        what=lambda: _(
            "Which of your questions you put to organisations like yours, and how many were asked."
        ),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "peer_requests.json",
                """SELECT r.id, r.topic_id, o.name AS organisation, r.organisations, r.people, r.created_at
                    FROM peer_requests r JOIN organisations o ON o.id = r.organisation_id
                    WHERE r.user_id = {0} AND r.id > {1} ORDER BY r.id LIMIT {2}""",
            ),
        ),
        erase=(deletes("peer_requests"),),
    )
)

"""What a merge of organisations does to questions that were put to peers: the limits count them together."""

from forum.i18n import gettext as _
from forum.organisations.merging import Step, counts_rows, moves, moves_rows

moves(
    Step(
        "peer_requests",
        "organisation_id",
        what=lambda: _("Questions put to peers"),
        count=counts_rows("peer_requests", "organisation_id"),
        move=moves_rows("peer_requests", "organisation_id"),
    )
)

"""What a merge of organisations does to who comes for the one that goes: they come for the one that stays.

Nobody loses a place by it, even if the two together have more than one organisation may take.
"""

from forum.i18n import gettext as _
from forum.organisations.merging import Step, counts_rows, moves, moves_rows, topics_of_rows

moves(
    Step(
        "seats",
        "organisation_id",
        what=lambda: _("Places at gatherings"),
        count=counts_rows("seats", "organisation_id"),
        move=moves_rows("seats", "organisation_id"),
        topics=topics_of_rows("seats", "organisation_id"),
    )
)

"""What a merge of organisations does to what was written for the one that goes.

Each post keeps the name for which its author spoke that day; its link, lists and counts are of the one that
stays.
"""

from forum.i18n import gettext as _
from forum.organisations.merging import Step, counts_rows, moves, moves_rows, topics_of_rows

moves(
    Step(
        "posts",
        "organisation_id",
        what=lambda: _("Posts, sheets, documents and offers"),
        count=counts_rows("posts", "organisation_id"),
        move=moves_rows("posts", "organisation_id"),
        topics=topics_of_rows("posts", "organisation_id"),
    )
)

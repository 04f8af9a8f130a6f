"""What a merge of organisations does to what was written for the one that goes.

Each post keeps the name for which its author spoke that day; its link, lists and counts are of the one that
stays.
"""

from collections.abc import Collection

from forum.i18n import gettext as _
from forum.organisations.merging import Merge, Step, counts_rows, moves, moves_rows
from realtime.sql import sql


async def _topics(merge: Merge) -> Collection[int]:
    rows = await sql("SELECT DISTINCT topic_id FROM posts WHERE organisation_id = {0}", merge.absorbed_id)
    return [row["topic_id"] for row in rows]


moves(
    Step(
        "posts",
        "organisation_id",
        what=lambda: _("Posts, sheets, documents and offers"),
        count=counts_rows("posts", "organisation_id"),
        move=moves_rows("posts", "organisation_id"),
        topics=_topics,
    )
)

"""What a merge of organisations does to who comes for the one that goes: they come for the one that stays.

Nobody loses a place by it, even if the two together have more than one organisation may take.
"""

from collections.abc import Collection

from forum.i18n import gettext as _
from forum.organisations.merging import Merge, Step, counts_rows, moves, moves_rows
from realtime.sql import sql


async def _topics(merge: Merge) -> Collection[int]:
    rows = await sql("SELECT DISTINCT topic_id FROM seats WHERE organisation_id = {0}", merge.absorbed_id)
    return [row["topic_id"] for row in rows]


moves(
    Step(
        "seats",
        "organisation_id",
        what=lambda: _("Places at gatherings"),
        count=counts_rows("seats", "organisation_id"),
        move=moves_rows("seats", "organisation_id"),
        topics=_topics,
    )
)

"""A member's own flag; nobody but staff learns of anybody else's."""

from datetime import datetime

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.flags.models import FlagType
from forum.reviewables.models import Decision
from realtime.sql import as_datetime, sql


class OwnFlag(Struct, frozen=True):
    """What the member said of a post, and what was decided."""

    post_number: int
    flag_type: FlagType
    message: str
    at: datetime
    decision: Decision | None


async def own_flag(viewer: Viewer, post_id: int) -> OwnFlag | None:
    """The viewer's flag on a post where they may look, also once the post is hidden or gone."""
    rows = await sql(
        f"""SELECT p.post_number, f.flag_type, f.message, f.created_at, r.decision
            FROM flags f JOIN reviewables r ON r.id = f.reviewable_id
            JOIN posts p ON p.id = f.post_id JOIN topics t ON t.id = p.topic_id
            WHERE f.post_id = {{0}} AND f.user_id = {{1}} AND t.category_id IN ({ids(viewer.rights.see)})""",
        post_id,
        viewer.id or 0,
    )
    if not rows:
        return None
    row = rows[0]
    decision = Decision(row["decision"]) if row["decision"] else None
    return OwnFlag(
        row["post_number"],
        FlagType(row["flag_type"]),
        row["message"],
        as_datetime(row["created_at"]),
        decision,
    )

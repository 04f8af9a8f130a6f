"""What an account has written, as far as whoever looks may see it, and what was deleted of it at once."""

from datetime import datetime, timedelta

from msgspec import Struct

from forum.accounts.nobody import shown_name
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.clock import now
from realtime.sql import as_datetime, sql

# How long an act can be undone.
UNDO_WITHIN = timedelta(days=30)


class Written(Struct, frozen=True):
    """How many replies and topics somebody has written, and how many `others` wrote in those topics."""

    replies: int
    topics: int
    others: int
    latest_post_id: int | None

    @property
    def posts(self) -> int:
        """Replies, and the posts that open topics."""
        return self.replies + self.topics


class SweepLine(Struct, frozen=True):
    """One act: how many posts it was about, how many are deleted by it now."""

    id: int
    at: datetime
    by_name: str
    reason: str
    posts: int
    gone: int
    finished: bool
    undone: bool

    @property
    def may_undo(self) -> bool:
        """Within thirty days, once."""
        return not self.undone and self.at > now() - UNDO_WITHIN


def visible_posts(viewer: Viewer) -> str:
    """The posts `p` in topics `t` of member {0} that are there, where the viewer may look."""
    return f"""posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = {{0}} AND p.deleted_at IS NULL
        AND t.deleted_at IS NULL AND p.post_type = 1 AND t.category_id IN ({ids(viewer.rights.see)})"""


async def written_by(viewer: Viewer, user_id: int) -> Written:
    """What a member has written, where the viewer may look."""
    rows = await sql(
        f"""SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN p.post_number = 1 THEN 1 ELSE 0 END), 0) AS topics,
            MAX(p.id) AS latest FROM {visible_posts(viewer)}""",
        user_id,
    )
    others = await sql(
        f"""SELECT COUNT(*) AS n FROM posts o WHERE o.user_id <> {{0}} AND o.deleted_at IS NULL
            AND o.topic_id IN (SELECT p.topic_id FROM {visible_posts(viewer)} AND p.post_number = 1)""",
        user_id,
    )
    topics = int(rows[0]["topics"])
    return Written(int(rows[0]["n"]) - topics, topics, int(others[0]["n"]), rows[0]["latest"])


async def sweeps_of(user_id: int) -> list[SweepLine]:
    """The acts about a member, the latest first."""
    rows = await sql(
        """SELECT s.id, s.created_at, s.reason, s.posts_count, s.finished_at, s.undone_at, u.name, u.username,
            (SELECT COUNT(*) FROM swept_posts w WHERE w.sweep_id = s.id) AS gone
            FROM sweeps s JOIN users u ON u.id = s.by_id WHERE s.user_id = {0} ORDER BY s.id DESC LIMIT 20""",
        user_id,
    )
    return [
        SweepLine(
            row["id"],
            as_datetime(row["created_at"]),
            shown_name(row["name"], row["username"]),
            row["reason"],
            row["posts_count"],
            row["gone"],
            finished=row["finished_at"] is not None,
            undone=row["undone_at"] is not None,
        )
        for row in rows
    ]


async def swept_with(ruling_id: int) -> int:
    """How many posts a decision is about, if it is a sweep's; else 0."""
    rows = await sql("SELECT posts_count FROM sweeps WHERE ruling_id = {0}", ruling_id)
    return rows[0]["posts_count"] if rows else 0

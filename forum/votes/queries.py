"""The viewer's own votes."""

from forum.accounts.viewer import Viewer
from realtime.sql import sql


async def votes_in_topic(viewer: Viewer, topic_id: int, first: int, last: int) -> dict[int, int]:
    """The viewer's votes on the posts numbered first to last of a topic: post id → ±1."""
    if viewer.id is None:
        return {}
    rows = await sql(
        """SELECT v.post_id, v.value FROM posts p JOIN votes v ON v.post_id = p.id AND v.user_id = {0}
            WHERE p.topic_id = {1} AND p.post_number BETWEEN {2} AND {3}""",
        viewer.id,
        topic_id,
        first,
        last,
    )
    return {row["post_id"]: row["value"] for row in rows}

"""Sheets beside their topics: what is asked of them, what they come from, what comes from a thread."""

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.topics.queries import TopicCard
from realtime.sql import sql


class SheetLink(Struct, frozen=True):
    """A sheet, as another topic's page names it."""

    id: int
    slug: str
    title: str


async def requests_of(topic_id: int) -> dict[str, int]:
    """How many peers ask for each field."""
    rows = await sql(
        "SELECT field, COUNT(*) AS n FROM field_requests WHERE topic_id = {0} GROUP BY field", topic_id
    )
    return {row["field"]: row["n"] for row in rows}


async def asked_by(viewer: Viewer, topic_id: int) -> frozenset[str]:
    """The fields for which the viewer has asked."""
    rows = await sql(
        "SELECT field FROM field_requests WHERE topic_id = {0} AND user_id = {1}", topic_id, viewer.id or 0
    )
    return frozenset(row["field"] for row in rows)


async def sheets_from(viewer: Viewer, topic_id: int) -> list[SheetLink]:
    """The sheets drawn from a topic that the viewer may see."""
    return await _sheets_in(topic_id, viewer.rights.see)


async def sheets_for_all(topic: TopicCard, open_ids: frozenset[int]) -> list[SheetLink]:
    """Those that whoever may see the topic may see: drawn in its own theme, or in one open to all."""
    return await _sheets_in(topic.id, open_ids | {topic.category_id})


async def narrower_sheets(viewer: Viewer, topic: TopicCard) -> list[SheetLink]:
    """The others, of those that the viewer may see."""
    return await _sheets_in(topic.id, viewer.rights.see - viewer.themes.open_ids() - {topic.category_id})


async def _sheets_in(topic_id: int, category_ids: frozenset[int]) -> list[SheetLink]:
    if not category_ids:
        return []
    rows = await sql(
        f"""SELECT t.id, t.slug, t.title FROM experience_sheets s JOIN topics t ON t.id = s.topic_id
            WHERE s.source_id = {{0}} AND t.deleted_at IS NULL AND t.category_id IN ({ids(category_ids)})
            ORDER BY t.id LIMIT 10""",
        topic_id,
    )
    return [SheetLink(row["id"], row["slug"], row["title"]) for row in rows]

"""What an organisation's people have written, of what the viewer may see."""

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.topics.queries import TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from realtime.sql import sql

TOPICS_SHOWN = 10


async def topics_from(viewer: Viewer, organisation_id: int) -> list[TopicCard]:
    """The last topics that were opened for an organisation."""
    rows = await sql(
        f"""SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE t.deleted_at IS NULL
            AND t.category_id IN ({ids(viewer.rights.see)}) AND t.id IN (SELECT p.topic_id FROM posts p
                WHERE p.organisation_id = {{0}} AND p.post_number = 1)
            ORDER BY t.id DESC LIMIT {TOPICS_SHOWN}""",
        organisation_id,
    )
    return [topic_card(row) for row in rows]

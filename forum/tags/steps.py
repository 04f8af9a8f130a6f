"""A step of the actions that write topics: their tags."""

from collections.abc import Sequence

from forum.tags.names import tag_key
from realtime.sql import sql


async def tag_topic(topic_id: int, names: Sequence[str]) -> None:
    """Give a topic these tags and no others, within the caller's transaction.

    The topic's own row holds the names too (`join_names`): the caller writes it, with its version.
    """
    await sql("DELETE FROM topic_tags WHERE topic_id = {0}", topic_id)
    for name in names:
        await sql(
            "INSERT INTO topic_tags (topic_id, key, name) VALUES ({0}, {1}, {2})",
            topic_id,
            tag_key(name),
            name,
        )

"""Quotes in moved posts: `post:3` meant a post of the topic where they stood, and must go on meaning it."""

from typing import Any

from forum.channels import topic_channel
from forum.errors import Invalid
from forum.markdown import with_topic
from forum.posts.text import cook_post
from realtime import log
from realtime.sql import sql


async def name_topics_of_quotes(move_id: int) -> None:
    """The job: say in each moved post of which topic it quotes, one transaction a post; may be run twice."""
    rows = await sql(
        """SELECT p.id, p.raw, m.topic_id AS from_topic_id FROM moved_posts m JOIN posts p ON p.id = m.post_id
            WHERE m.move_id = {0} AND p.raw LIKE '%[quote%' ORDER BY p.id""",
        move_id,
    )
    for row in rows:
        await _name_topic(row)


async def _name_topic(row: dict[str, Any]) -> None:
    raw = with_topic(row["raw"], row["from_topic_id"])
    if raw == row["raw"]:
        return
    try:
        cooked = await cook_post(raw, post_id=row["id"])
    except Invalid:
        return  # a text from elsewhere that could not be written here stays as it was brought
    async with log.transaction() as record:
        changed = await sql(
            """UPDATE posts SET raw = {1}, cooked = {2} WHERE id = {0} AND raw = {3}
                RETURNING topic_id, post_number""",
            row["id"],
            raw,
            cooked.html,
            row["raw"],
        )
        for post in changed:
            await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", post["topic_id"])
            record(topic_channel(post["topic_id"]), "post.revised", **post, post_id=row["id"])

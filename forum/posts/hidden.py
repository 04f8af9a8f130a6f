"""Quotes of a post that moderation has hidden or brought back: its words go from other posts, or return."""

from typing import Any

from forum.channels import topic_channel
from forum.errors import Invalid
from forum.posts.text import cook_post
from forum.uploads.steps import show_uploads
from realtime import log
from realtime.sql import sql

BATCH = 100


async def cook_quotes_again(post_id: int) -> None:
    """The job: cook again the posts that quote this one, each in a transaction; may be run twice."""
    places = await sql(
        """SELECT topic_id, post_number FROM posts WHERE id = {0}
            UNION SELECT topic_id, post_number FROM moved_posts WHERE post_id = {0}""",
        post_id,
    )
    for place in places:
        after = 0
        while rows := await _quoting(place["topic_id"], place["post_number"], after):
            for row in rows:
                await _cook_again(row)
            after = rows[-1]["id"]


async def _quoting(topic_id: int, number: int, after: int) -> list[dict[str, Any]]:
    """Posts that may quote it, of any topic: cooking tells."""
    return await sql(
        f"""SELECT id, topic_id, post_number, raw, cooked FROM posts WHERE id > {{0}} AND raw LIKE {{1}}
            AND (topic_id = {{2}} OR raw LIKE {{3}}) ORDER BY id LIMIT {BATCH}""",
        after,
        f"%post:%{number}%",
        topic_id,
        f"%topic:%{topic_id}%",
    )


async def _cook_again(row: dict[str, Any]) -> None:
    try:
        cooked = await cook_post(row["raw"], row["topic_id"], post_id=row["id"])
    except Invalid:
        return  # a text from elsewhere that could not be written here stays as it was brought
    if cooked.html == row["cooked"]:
        return
    async with log.transaction() as record:
        await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", row["topic_id"])
        changed = await sql(
            "UPDATE posts SET cooked = {1} WHERE id = {0} AND raw = {2} RETURNING id",
            row["id"],
            cooked.html,
            row["raw"],
        )
        if changed:
            await show_uploads(row["id"], cooked.uploads)
            record(
                topic_channel(row["topic_id"]),
                "post.revised",
                topic_id=row["topic_id"],
                post_id=row["id"],
                post_number=row["post_number"],
            )

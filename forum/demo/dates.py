"""What of the demonstration has been confirmed, and what a newer topic has replaced."""

from datetime import datetime

from forum.demo.content import Topic
from forum.freshness.periods import add_months
from forum.freshness.queries import Dated, marks_in
from forum.freshness.steps import mark_topic
from realtime.sql import sql


async def write(topic: Topic, topic_id: int, successor_id: int | None, at: datetime) -> None:
    """A step of filling the site: what became of a topic that people rely on.

    Args:
        at: the instant from which ages are counted.
    """
    for dated in await marks_in(topic_id):
        if topic.confirmed is not None:
            await _confirm(dated, at - topic.confirmed)
        if successor_id is not None:
            await sql(
                """INSERT INTO supersessions (post_id, successor_id, user_id, created_at)
                    VALUES ({0}, {1}, {2}, {3})""",
                dated.post_id,
                successor_id,
                dated.author_id,
                at,
            )
    await mark_topic(topic_id)


async def _confirm(dated: Dated, at: datetime) -> None:
    await sql(
        """INSERT INTO review_dates (post_id, months, due_at, confirmed_at, confirmed_by_id)
            VALUES ({0}, {1}, {2}, {3}, {4})""",
        dated.post_id,
        dated.months,
        add_months(at, dated.months),
        at,
        dated.author_id,
    )

"""The count of accepted answers that topics carry."""

from realtime.sql import sql


async def recount_accepted(topic_id: int) -> None:
    """Count a topic's accepted answers again, without deleted posts; the topic is already locked."""
    await sql(
        """UPDATE topics SET accepted_count = (SELECT COUNT(*) FROM accepted_answers a
                JOIN posts p ON p.id = a.post_id WHERE a.topic_id = {0} AND p.deleted_at IS NULL)
            WHERE id = {0}""",
        topic_id,
    )

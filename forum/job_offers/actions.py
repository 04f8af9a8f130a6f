"""Offers expire by themselves."""

from forum.categories.queries import site_version
from forum.channels import public_lists, topic_channel
from forum.job_offers.kind import EXPIRED, JOB, today
from forum.kinds.steps import set_state
from realtime import log
from realtime.sql import sql

BATCH = 100


async def expire_offers() -> None:
    """The job: offers whose deadline has passed say so, on open pages too; may be run again."""
    due = await sql(
        f"""SELECT o.topic_id, t.category_id FROM job_offers o JOIN topics t ON t.id = o.topic_id
            WHERE o.state = '' AND o.deadline < {{0}} ORDER BY o.topic_id LIMIT {BATCH}""",
        today(),
    )
    await site_version()
    for row in due:
        lists = await public_lists(row["category_id"])
        async with log.transaction() as record:
            if await set_state(JOB, row["topic_id"], "", EXPIRED):
                for channel in (topic_channel(row["topic_id"]), *lists):
                    record(channel, "topic.revised", topic_id=row["topic_id"])

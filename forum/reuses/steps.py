"""Steps of the actions about reuses, within their transactions and under the lock of the item's topic."""

from forum.answers.steps import follows_accepted
from forum.channels import user_channel
from forum.notifications.models import NotificationType
from forum.reuses.queries import KINDS
from realtime.log import Record
from realtime.sql import sql


@follows_accepted
async def recount_reuses(topic_id: int) -> None:
    """Count again what the rows of lists show: the organisations that took up a sheet or a document.

    Of a question, its answers are taken up, which come and go with moves: they are counted where they stand.
    What opens a topic comes and goes too: moderation hides it, a merge moves it into another topic.
    """
    await sql(
        f"""UPDATE topics SET reuse_count = (SELECT COUNT(*) FROM reuses r JOIN posts p ON p.id = r.post_id
                WHERE p.topic_id = {{0}} AND p.post_number = 1 AND p.deleted_at IS NULL)
            WHERE id = {{0}} AND kind IN ({KINDS})""",
        topic_id,
    )


async def links_of(post_id: int) -> dict[int, int | None]:
    """Of each record of an item, the one that it was taken from."""
    rows = await sql("SELECT id, taken_from_id FROM reuses WHERE post_id = {0}", post_id)
    return {row["id"]: row["taken_from_id"] for row in rows}


async def forget_empty_alerts(post_id: int, record: Record) -> None:
    """An alert that has no organisation to name any more goes, with its mark on the badge."""
    rows = await sql(
        """DELETE FROM notifications WHERE post_id = {0} AND notification_type = {1} AND NOT EXISTS
            (SELECT 1 FROM reuses r WHERE r.post_id = notifications.post_id
                AND r.created_at >= notifications.created_at) RETURNING user_id""",
        post_id,
        int(NotificationType.REUSED),
    )
    for user_id in sorted({row["user_id"] for row in rows}):
        record(user_channel(user_id), "notification.changed", user_id=user_id)

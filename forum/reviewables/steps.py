"""Steps of whatever changes the queue: its readers' badges, and who is told what was decided."""

from forum.categories.queries import LOOKS_AFTER, MAY_SEE
from forum.channels import user_channel
from forum.clock import now
from forum.notifications.models import NotificationType
from realtime.log import Record
from realtime.sql import sql

# Staff and animators `u` who may have to do with a post in topic `t`.
REVIEWS = f"{LOOKS_AFTER} AND u.deactivated_at IS NULL AND {MAY_SEE}"


async def tell_reviewers(record: Record, topic_id: int, author_id: int) -> None:
    """The badge of each member of staff who may see the item; nobody else hears that there is one."""
    rows = await sql(
        f"SELECT u.id FROM users u JOIN topics t ON t.id = {{0}} WHERE {REVIEWS} AND u.id <> {{1}}",
        topic_id,
        author_id,
    )
    for row in rows:
        record(user_channel(row["id"]), "review.changed", user_id=row["id"])


async def tell_member(record: Record, user_id: int, what: NotificationType, post_id: int) -> None:
    """An alert of moderation's, in the place of an earlier one of its kind about the post.

    It names no moderator: its actor is the member, and its words say that moderation speaks.
    """
    await sql(
        "DELETE FROM notifications WHERE user_id = {0} AND post_id = {1} AND notification_type = {2}",
        user_id,
        post_id,
        int(what),
    )
    await sql(
        f"""INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number, actor_id,
                read, created_at)
            SELECT u.id, {int(what)}, t.id, p.id, p.post_number, u.id, {{2}}, {{3}}
            FROM users u JOIN posts p ON p.id = {{1}} JOIN topics t ON t.id = p.topic_id
            WHERE u.id = {{0}} AND u.deactivated_at IS NULL AND {MAY_SEE}""",
        user_id,
        post_id,
        False,
        now(),
    )
    record(user_channel(user_id), "notification.changed", user_id=user_id)

"""Alerts: few people within the change's own transaction, many by a job after it."""

from collections.abc import Iterable

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.channels import user_channel
from forum.clock import now
from forum.errors import require
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.reading.models import NotificationLevel
from realtime import log
from realtime.log import Record
from realtime.sql import sql

BATCH = 100

# Who may be told of a post in category {0}: an active account that sees the category and has not
# muted topic {1}. Deliveries ask again, since rights change between a change and its batch.
MAY_HEAR = """u.deactivated_at IS NULL
    AND (u.admin OR NOT EXISTS (SELECT 1 FROM category_groups cg WHERE cg.category_id = {0})
        OR EXISTS (SELECT 1 FROM category_groups cg JOIN group_users gu ON gu.group_id = cg.group_id
            WHERE cg.category_id = {0} AND gu.user_id = u.id))
    AND NOT EXISTS (SELECT 1 FROM topic_users m WHERE m.topic_id = {1} AND m.user_id = u.id
        AND m.notification_level = 0)"""


async def notify_of_post(post: NewPost, record: Record) -> None:
    """A step of posting: those whom it addresses are told now, its other watchers by a job."""
    told = await _notify_addressed(post, record)
    if await _has_other_watchers(post.topic_id, told):
        await jobs.enqueue("notify_watchers", post_id=post.id)


async def _notify_addressed(post: NewPost, record: Record) -> frozenset[int]:
    """Tell those whom the post addresses, each once, for the strongest reason; who is done with it."""
    told: set[int] = {post.author_id}
    for kind, people in (
        (NotificationType.REPLIED, post.replied_to),
        (NotificationType.QUOTED, post.quoted),
        (NotificationType.MENTIONED, post.mentioned),
    ):
        people = frozenset(people) - told
        told |= people
        for user_id in await _who_may_hear(people, post):
            await _notify(user_id, kind, post, record)
    return frozenset(told)


async def _has_other_watchers(topic_id: int, told: frozenset[int]) -> bool:
    """Most posts have none: no job is written for them."""
    rows = await sql(
        f"""SELECT 1 FROM topic_users WHERE topic_id = {{0}}
            AND notification_level = {int(NotificationLevel.WATCHING)}
            AND user_id NOT IN ({ids(told)}) LIMIT 1""",
        topic_id,
    )
    return bool(rows)


async def notify_accepted(post: NewPost, record: Record) -> None:
    """A step of accepting: tell the answer's author (`post.author_id` is the accepter here)."""
    for user_id in await _who_may_hear(post.replied_to - {post.author_id}, post):
        await _notify(user_id, NotificationType.ACCEPTED, post, record)


async def _who_may_hear(people: Iterable[int], post: NewPost) -> list[int]:
    people = frozenset(people)
    if not people:
        return []
    rows = await sql(
        f"SELECT u.id FROM users u WHERE u.id IN ({ids(people)}) AND {MAY_HEAR} ORDER BY u.id",
        post.category_id,
        post.topic_id,
    )
    return [row["id"] for row in rows]


async def _notify(user_id: int, kind: NotificationType, post: NewPost, record: Record) -> None:
    rows = await sql(
        """INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number, actor_id,
                read, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7})
            ON CONFLICT (user_id, post_id, notification_type) DO NOTHING RETURNING id""",
        user_id,
        int(kind),
        post.topic_id,
        post.id,
        post.number,
        post.author_id,
        False,
        now(),
    )
    if rows:
        record(user_channel(user_id), "notification.changed", user_id=user_id)


async def notify_watchers(post_id: int) -> None:
    """The job: tell the topic's watchers of a post, a hundred a transaction; may be run again."""
    post = await _stored_post(post_id)
    after = 0
    while post is not None:
        async with log.transaction() as record:
            batch = await _next_watchers(post, after)
            for user_id in batch:
                await _notify(user_id, NotificationType.POSTED, post, record)
        if len(batch) < BATCH:
            return
        after = batch[-1]


async def _stored_post(post_id: int) -> NewPost | None:
    rows = await sql(
        """SELECT p.id, p.topic_id, t.category_id, p.post_number AS number, p.user_id AS author_id
            FROM posts p JOIN topics t ON t.id = p.topic_id
            WHERE p.id = {0} AND p.deleted_at IS NULL AND t.deleted_at IS NULL""",
        post_id,
    )
    return NewPost(**rows[0]) if rows else None


async def _next_watchers(post: NewPost, after: int) -> list[int]:
    rows = await sql(
        f"""SELECT u.id FROM topic_users w JOIN users u ON u.id = w.user_id
            WHERE w.topic_id = {{1}} AND w.notification_level = {int(NotificationLevel.WATCHING)}
            AND u.id > {{2}} AND u.id <> {{3}} AND {MAY_HEAR}
            AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = u.id AND n.post_id = {{4}})
            ORDER BY u.id LIMIT {BATCH}""",
        post.category_id,
        post.topic_id,
        after,
        post.author_id,
        post.id,
    )
    return [row["id"] for row in rows]


async def forget_post(post_id: int, record: Record) -> None:
    """A step of deleting: nobody keeps an alert about a post that is gone."""
    rows = await sql("DELETE FROM notifications WHERE post_id = {0} RETURNING user_id", post_id)
    for user_id in sorted({row["user_id"] for row in rows}):
        record(user_channel(user_id), "notification.changed", user_id=user_id)


async def mark_read(member: Viewer, notification_id: int | None = None) -> None:
    """Mark one alert of the member's as read, or all of them."""
    require(member.signed_in)
    one = "" if notification_id is None else " AND id = {2}"
    arguments = [] if notification_id is None else [notification_id]
    async with log.transaction() as record:
        await sql(
            f"UPDATE notifications SET read = {{1}} WHERE user_id = {{0}} AND NOT read{one}",
            member.member_id,
            True,
            *arguments,
        )
        record(user_channel(member.member_id), "notification.changed", user_id=member.member_id)

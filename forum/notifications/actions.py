"""Alerts: few people within the change's own transaction, many by a job after it."""

from collections.abc import Iterable, Mapping
from functools import partial

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.categories.queries import sees
from forum.channels import user_channel
from forum.clock import now
from forum.errors import require
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.reading.models import NotificationLevel
from forum.reading.themes import TOLD_OF_REPLIES, TOLD_OF_TOPICS, theme_watchers
from realtime import log
from realtime.log import Record
from realtime.sql import places, sql

BATCH = 100

# Who may be told of a post in category {0}: an active account that sees the category and has not
# muted topic {1}. Deliveries ask again, since rights change between a change and its batch.
MAY_HEAR = f"""u.deactivated_at IS NULL AND {sees("{0}")}
    AND NOT EXISTS (SELECT 1 FROM topic_users m WHERE m.topic_id = {{1}} AND m.user_id = u.id
        AND m.notification_level = 0)"""


async def notify_of_post(post: NewPost, record: Record) -> None:
    """A step of posting: those whom it addresses are told now, its other watchers by a job."""
    told = await _notify_addressed(post, record)
    if await _has_other_watchers(post, told):
        await jobs.enqueue("notify_watchers", post_id=post.id)


async def _notify_addressed(post: NewPost, record: Record) -> frozenset[int]:
    """Tell those whom the post addresses, each once, for the strongest reason; who is done with it."""
    reasons = (
        dict.fromkeys(post.mentioned, NotificationType.MENTIONED)
        | dict.fromkeys(post.quoted, NotificationType.QUOTED)
        | dict.fromkeys(post.replied_to, NotificationType.REPLIED)
    )
    reasons.pop(post.author_id, None)
    await _notify(reasons, post, record)
    return frozenset(reasons) | {post.author_id}


async def _has_other_watchers(post: NewPost, told: frozenset[int]) -> bool:
    """Most posts have none: no job is written for them."""
    rows = await sql(
        f"SELECT 1 FROM ({_watchers(post)}) AS w WHERE w.user_id NOT IN {places(2, len(told))} LIMIT 1",
        post.category_id,
        post.topic_id,
        *sorted(told),
    )
    return bool(rows)


def _watchers(post: NewPost) -> str:
    """Whoever watches topic {1} or its category {0}, as a SELECT of their ids; of new topics, more hear."""
    levels = TOLD_OF_TOPICS if post.number == 1 else TOLD_OF_REPLIES
    return f"""SELECT user_id FROM topic_users WHERE topic_id = {{1}}
        AND notification_level = {int(NotificationLevel.WATCHING)}
        UNION {theme_watchers("{1}", "{0}", levels)}"""


async def notify_accepted(post: NewPost, record: Record) -> None:
    """A step of accepting: tell the answer's author (`post.author_id` is the accepter here)."""
    await _notify(dict.fromkeys(post.replied_to - {post.author_id}, NotificationType.ACCEPTED), post, record)


async def notify_peers(post: NewPost, people: Iterable[int], record: Record) -> None:
    """A step of asking one's peers: tell them of the question (`post.author_id` is the asker)."""
    await _notify(dict.fromkeys(people, NotificationType.PEERS_ASKED), post, record)


async def notify_moved(posts: Iterable[NewPost], record: Record) -> None:
    """A step of moving: tell each author where their post is (`post.author_id` is the mover here)."""
    for post in posts:
        await _notify(dict.fromkeys(post.replied_to, NotificationType.MOVED_POST), post, record)


async def notify_member(
    why: NotificationType, user_id: int, topic_id: int, actor_id: int, record: Record
) -> None:
    """A step of what concerns one member in a topic: one alert, a new one once they have read it."""
    (first,) = await sql(
        """SELECT p.id, p.topic_id, t.category_id, p.post_number AS number FROM posts p
            JOIN topics t ON t.id = p.topic_id WHERE p.topic_id = {0} AND p.post_number = 1""",
        topic_id,
    )
    await notify_about(why, user_id, NewPost(**first, author_id=actor_id), record)


async def notify_about(why: NotificationType, user_id: int, post: NewPost, record: Record) -> None:
    """A step of what concerns one member in a post, time and again: one alert, a new one once it was read.

    Args:
        post: its `author_id` is whoever causes the alert.
    """
    await sql(
        """DELETE FROM notifications WHERE user_id = {0} AND post_id = {1} AND notification_type = {2}
            AND read = {3}""",
        user_id,
        post.id,
        int(why),
        True,
    )
    await _notify({user_id: why}, post, record)


async def _notify(reasons: Mapping[int, NotificationType], post: NewPost, record: Record) -> None:
    """Write the alerts of those who may hear of the post, in one statement, and tell their badges.

    Args:
        reasons: member's id → why; nobody is told twice of one post for one reason.
    """
    if not reasons:
        return
    people = ", ".join(f"(CAST({{{n}}} AS INTEGER), CAST({{{n + 1}}} AS INTEGER))" for n in _pairs(reasons))
    rows = await sql(
        f"""INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number, actor_id,
                read, created_at)
            WITH addressed(user_id, reason) AS (VALUES {people})
            SELECT a.user_id, a.reason, {{1}}, {{2}}, {{3}}, {{4}}, {{5}}, {{6}}
            FROM addressed a JOIN users u ON u.id = a.user_id WHERE {MAY_HEAR}
            ON CONFLICT (user_id, post_id, notification_type) DO NOTHING RETURNING user_id""",
        post.category_id,
        post.topic_id,
        post.id,
        post.number,
        post.author_id,
        False,
        now(),
        *(part for user_id, reason in sorted(reasons.items()) for part in (user_id, int(reason))),
    )
    for row in rows:
        record(user_channel(row["user_id"]), "notification.changed", user_id=row["user_id"])


def _pairs(reasons: Mapping[int, NotificationType]) -> range:
    """Where each person's two arguments begin, after the seven of the post."""
    return range(7, 7 + 2 * len(reasons), 2)


async def notify_watchers(post_id: int) -> None:
    """The job: tell the topic's watchers of a post, a hundred a transaction; may be run again."""
    post = await _stored_post(post_id)
    after = 0
    while post is not None:
        batch = await log.write(partial(_notify_batch, post, after))
        if len(batch) < BATCH:
            return
        after = batch[-1]


async def _notify_batch(post: NewPost, after: int, record: Record) -> list[int]:
    batch = await _next_watchers(post, after)
    why = NotificationType.WATCHING_FIRST_POST if post.number == 1 else NotificationType.POSTED
    await _notify(dict.fromkeys(batch, why), post, record)
    return batch


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
        f"""SELECT u.id FROM users u WHERE u.id IN ({_watchers(post)})
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
    """A step of deleting: nobody keeps an alert about a post that is gone, but what moderation told them."""
    rows = await sql(
        "DELETE FROM notifications WHERE post_id = {0} AND notification_type < {1} RETURNING user_id",
        post_id,
        int(NotificationType.MODERATED),
    )
    for user_id in sorted({row["user_id"] for row in rows}):
        record(user_channel(user_id), "notification.changed", user_id=user_id)


async def mark_read(member: Viewer, notification_id: int | None = None) -> None:
    """Mark one alert of the member's as read, or all of them."""
    require(member.signed_in)
    one = "" if notification_id is None else " AND id = {2}"
    arguments = [] if notification_id is None else [notification_id]

    async def change(record: Record) -> None:
        await sql(
            f"UPDATE notifications SET read = {{1}} WHERE user_id = {{0}} AND NOT read{one}",
            member.member_id,
            True,
            *arguments,
        )
        record(user_channel(member.member_id), "notification.changed", user_id=member.member_id)

    await log.write(change)

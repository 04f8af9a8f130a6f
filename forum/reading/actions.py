"""Following and having read."""

from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.channels import user_channel
from forum.clock import now
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.reading.models import FollowReason, NotificationLevel, ThemeLevel
from forum.topics.queries import TopicCard
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def follow_by_posting(user_id: int, topic_id: int, number: int, reason: FollowReason) -> None:
    """A step of posting: the author has read up to their post, and follows unless they chose otherwise."""
    level = NotificationLevel.WATCHING if reason is FollowReason.CREATED_TOPIC else NotificationLevel.TRACKING
    await sql(
        """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                notifications_reason, first_visited_at, last_visited_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {5})
            ON CONFLICT (topic_id, user_id) DO UPDATE SET
                last_read_post_number = CASE WHEN topic_users.last_read_post_number < {2} THEN {2}
                    ELSE topic_users.last_read_post_number END,
                notifications_reason = CASE WHEN topic_users.notification_level = 1
                    AND COALESCE(topic_users.notifications_reason, 0) <> 2 THEN {4}
                    ELSE topic_users.notifications_reason END,
                notification_level = CASE WHEN topic_users.notification_level = 1
                    AND COALESCE(topic_users.notifications_reason, 0) <> 2 THEN {3}
                    ELSE topic_users.notification_level END""",
        topic_id,
        user_id,
        number,
        int(level),
        int(reason),
        now(),
    )


async def set_notification_level(member: Viewer, topic: TopicCard, level: int) -> NotificationLevel:
    """Follow a topic more or less closely (0 muted, 1 normal, 2 tracking, 3 watching).

    Raises:
        Invalid: no such level.
        Forbidden: a visitor.
    """
    require(member.signed_in)
    if level not in list(NotificationLevel):
        raise Invalid(fields={"level": _("Choose one of the four levels.")})
    async with log.transaction():
        await sql(
            """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                    notifications_reason, first_visited_at, last_visited_at)
                VALUES ({0}, {1}, 0, {2}, {3}, {4}, {4})
                ON CONFLICT (topic_id, user_id) DO UPDATE SET notification_level = {2},
                    notifications_reason = {3}""",
            topic.id,
            member.member_id,
            level,
            int(FollowReason.USER_CHANGED),
            now(),
        )
    return NotificationLevel(level)


async def set_theme_level(member: Viewer, theme: CategoryCard, level: int) -> ThemeLevel:
    """Follow a theme, and its sub-themes where nothing else was chosen (4: told of new topics only).

    Raises:
        Invalid: no such level.
        Forbidden: a visitor, or not a theme that the member may see.
    """
    require(member.signed_in and member.may_see(theme.id))
    if level not in list(ThemeLevel):
        raise Invalid(fields={"level": _("Choose one of the five levels.")})
    async with log.transaction():
        await sql(
            """INSERT INTO category_users (category_id, user_id, notification_level) VALUES ({0}, {1}, {2})
                ON CONFLICT (category_id, user_id) DO UPDATE SET notification_level = {2}""",
            theme.id,
            member.member_id,
            level,
        )
    return ThemeLevel(level)


async def clear_pin(member: Viewer, topic: TopicCard, cleared: bool) -> None:
    """Have a topic at the head of the member's own lists no longer, or again: Discourse's `clear-pin`.

    It is there again for everyone once it is pinned anew.

    Raises:
        Forbidden: a visitor.
    """
    require(member.signed_in)
    async with log.transaction():
        await sql(
            """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                    first_visited_at, last_visited_at, cleared_pinned_at)
                VALUES ({0}, {1}, 0, {2}, {3}, {3}, {4})
                ON CONFLICT (topic_id, user_id) DO UPDATE SET cleared_pinned_at = {4}""",
            topic.id,
            member.member_id,
            int(NotificationLevel.NORMAL),
            now(),
            now() if cleared else None,
        )


async def read_up_to(member: Viewer, topic: TopicCard, number: int) -> None:
    """The member has seen the posts up to this number: the mark only moves forward.

    Their alerts about those posts are read with it, and every tab's badge is told.
    """
    require(member.signed_in)
    number = max(0, min(number, topic.highest_post_number))

    async def change(record: Record) -> None:
        await sql(
            """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                    first_visited_at, last_visited_at)
                VALUES ({0}, {1}, {2}, 1, {3}, {3})
                ON CONFLICT (topic_id, user_id) DO UPDATE SET last_visited_at = {3},
                    last_read_post_number = CASE WHEN topic_users.last_read_post_number < {2} THEN {2}
                        ELSE topic_users.last_read_post_number END""",
            topic.id,
            member.member_id,
            number,
            now(),
        )
        read = await sql(
            "UPDATE notifications SET read = {3} WHERE user_id = {0} AND topic_id = {1}"
            " AND post_number <= {2} AND NOT read RETURNING id",
            member.member_id,
            topic.id,
            number,
            True,
        )
        if read:
            record(user_channel(member.member_id), "notification.changed", user_id=member.member_id)

    await log.write(change)

"""What a member has read of a topic, and how closely they follow it, or a whole theme."""

from enum import IntEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.categories.models import Category
from forum.topics.models import Topic


class NotificationLevel(IntEnum):
    """Discourse's levels."""

    MUTED = 0
    NORMAL = 1
    TRACKING = 2
    WATCHING = 3


class ThemeLevel(IntEnum):
    """Discourse's levels for a theme: a topic's, and one more that tells of new topics only."""

    MUTED = 0
    NORMAL = 1
    TRACKING = 2
    WATCHING = 3
    WATCHING_FIRST_POST = 4


class FollowReason(IntEnum):
    """Why a level was set (a part of Discourse's reasons, with their numbers).

    `THEME` is never stored: a topic has its theme's level for as long as the theme is followed so.
    """

    CREATED_TOPIC = 1
    USER_CHANGED = 2
    CREATED_POST = 4
    THEME = 6


class TopicUser(Model):
    """One member and one topic."""

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="topic_users"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="topic_users", db_index=True
    )
    last_read_post_number = fields.IntField(default=0)
    notification_level = fields.IntEnumField(NotificationLevel, default=NotificationLevel.NORMAL)
    notifications_reason = fields.IntField(null=True)
    first_visited_at = fields.DatetimeField(auto_now_add=True)
    last_visited_at = fields.DatetimeField(auto_now_add=True)
    # When the member took the topic from the head of their own lists.
    cleared_pinned_at = fields.DatetimeField(null=True)

    class Meta:
        table = "topic_users"
        unique_together = (("topic", "user"),)


class CategoryUser(Model):
    """How closely a member follows a theme, and its sub-themes where they have not chosen otherwise."""

    id = fields.IntField(primary_key=True)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "forum.Category", related_name="category_users"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="category_users", db_index=True
    )
    notification_level = fields.IntEnumField(ThemeLevel, default=ThemeLevel.NORMAL)

    class Meta:
        table = "category_users"
        unique_together = (("category", "user"),)

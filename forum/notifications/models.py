"""Alerts, each with its reason."""

from enum import IntEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.topics.models import Topic


class NotificationType(IntEnum):
    """Discourse's numbers, `ACCEPTED` stands where its solved plugin uses "custom"."""

    MENTIONED = 1
    REPLIED = 2
    QUOTED = 3
    POSTED = 9
    ACCEPTED = 14


class Notification(Model):
    """One fact that concerns one member, at most one per post and member."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("forum.User", related_name="notifications")
    notification_type = fields.IntEnumField(NotificationType)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="notifications", db_index=True
    )
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="notifications", db_index=True
    )
    post_number = fields.IntField()
    actor: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="caused_notifications", db_index=True
    )
    read = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "notifications"
        unique_together = (("user", "post", "notification_type"),)
        indexes = (("user_id", "read", "id"),)

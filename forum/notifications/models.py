"""Alerts, each with its reason."""

from enum import IntEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.topics.models import Topic


class NotificationType(IntEnum):
    """Discourse's numbers, `ACCEPTED` stands where its solved plugin uses "custom".

    From `MODERATED` on, moderation speaks to one member: these alerts stay when the post goes.
    """

    MENTIONED = 1
    REPLIED = 2
    QUOTED = 3
    MOVED_POST = 8
    POSTED = 9
    ACCEPTED = 14
    WATCHING_FIRST_POST = 17
    POST_APPROVED = 20
    THANKED = 36
    FIELD_ASKED = 701
    SEAT_FREED = 702
    REUSED = 703
    REVIEW_DUE = 704
    PEERS_ASKED = 705
    MODERATED = 801
    FLAG_DECIDED = 802
    APPEAL_DECIDED = 803


# Tortoise describes the column by the list of its values, and would make the table anew for one more.
FIRST_TYPES = "MENTIONED: 1\nREPLIED: 2\nQUOTED: 3\nPOSTED: 9\nACCEPTED: 14"


class Notification(Model):
    """One fact that concerns one member, at most one per post and member.

    `mailed_at` is when a mail about it was written (`forum/notices`): once only.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("forum.User", related_name="notifications")
    notification_type = fields.IntEnumField(NotificationType, description=FIRST_TYPES)
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
    mailed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notifications"
        unique_together = (("user", "post", "notification_type"),)
        indexes = (("user_id", "read", "id"), ("created_at",))

"""Flags: a member's word that a post should not stay as it is."""

from enum import IntEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.reviewables.models import Reviewable


class FlagType(IntEnum):
    """Discourse's numbers."""

    OFF_TOPIC = 3
    INAPPROPRIATE = 4
    NOTIFY_MODERATORS = 7
    SPAM = 8


class Flag(Model):
    """One member's flag on one post: there is one at the most."""

    id = fields.IntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("forum.Post", related_name="flags")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="flags", db_index=True
    )
    reviewable: fields.ForeignKeyRelation[Reviewable] = fields.ForeignKeyField(
        "forum.Reviewable", related_name="flags", db_index=True
    )
    flag_type = fields.IntEnumField(FlagType)
    message = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "flags"
        unique_together = (("post", "user"),)

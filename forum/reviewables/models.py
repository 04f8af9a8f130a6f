"""What waits for a decision of moderators: posts that were flagged, decisions that were appealed."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post


class Kind(StrEnum):
    """Why somebody must look."""

    FLAGGED_POST = "flagged_post"
    APPEAL = "appeal"


class Decision(StrEnum):
    """What was decided: the first four about flags, the last two about an appeal."""

    HIDE = "hide"
    DELETE = "delete"
    DISAGREE = "disagree"
    IGNORE = "ignore"
    UPHOLD = "uphold"
    OVERTURN = "overturn"


class Reviewable(Model):
    """Discourse's `reviewables`: one item of the queue.

    `open_post_id` is the post's number while nothing is decided, so that a post waits in one item only.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharEnumField(Kind, max_length=20)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="reviewables", db_index=True
    )
    open_post_id = fields.IntField(null=True, unique=True)
    flags_count = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    claimed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="claimed_reviewables", null=True, db_index=True
    )
    claimed_at = fields.DatetimeField(null=True)
    decision = fields.CharEnumField(Decision, max_length=20, null=True)
    decided_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="decided_reviewables", null=True, db_index=True
    )
    decided_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")
    appeal_of: fields.OneToOneNullableRelation["Reviewable"] = fields.OneToOneField(
        "forum.Reviewable", related_name="appeal", null=True
    )
    message = fields.TextField(default="")

    class Meta:
        table = "reviewables"

"""What organisations took up, from whom, and what became of it."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.organisations.models import Organisation
from forum.posts.models import Post


class ReuseState(StrEnum):
    """How far an organisation has come with it."""

    STUDIED = "studied"
    TESTING = "testing"
    IN_SERVICE = "in_service"
    ABANDONED = "abandoned"


class Reuse(Model):
    """One organisation's record about one item: the post that opens a sheet or a document, or an answer.

    The record is the organisation's: `user` is the colleague who left it as it is. `taken_from` is the record
    of whom it was taken from; none means from the item itself. `version` moves with each edit. `asked_at` is
    when `user` was last asked by mail whether the item still holds (`forum/freshness/jobs.py`).
    """

    id = fields.IntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("forum.Post", related_name="reuses")
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "forum.Organisation", related_name="reuses", db_index=True
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="reuses", on_delete=fields.RESTRICT, db_index=True
    )
    taken_from: fields.ForeignKeyNullableRelation["Reuse"] = fields.ForeignKeyField(
        "forum.Reuse", related_name="passed_on", null=True, on_delete=fields.SET_NULL, db_index=True
    )
    state = fields.CharField(max_length=20)
    since = fields.CharField(max_length=10, null=True)
    changes = fields.TextField(null=True)
    reason = fields.TextField(null=True)
    cost = fields.IntField(null=True)
    months = fields.IntField(null=True)
    staff_days = fields.IntField(null=True)
    contact = fields.CharField(max_length=200, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(db_index=True)
    updated_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "reuses"
        unique_together = (("post", "organisation"),)

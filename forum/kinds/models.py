"""The earlier versions of topics' typed fields."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.topics.models import Topic


class KindRevision(Model):
    """The fields as somebody left them, the present ones included."""

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="kind_revisions"
    )
    version = fields.IntField()
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="kind_revisions", on_delete=fields.RESTRICT, db_index=True
    )
    data = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "kind_revisions"
        unique_together = (("topic", "version"),)

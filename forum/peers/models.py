"""Which question was put to comparable organisations, and by whom."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.organisations.models import Organisation
from forum.topics.models import Topic


class PeerRequest(Model):
    """A question, put once to organisations like that of its asker.

    `organisations` and `people`: how many were asked.
    """

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField("forum.Topic", related_name="peer_request")
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "forum.Organisation", related_name="peer_requests", db_index=True
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="peer_requests", db_index=True
    )
    organisations = fields.IntField()
    people = fields.IntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "peer_requests"

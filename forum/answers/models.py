"""Accepted answers: several possible, each remembering the version that was accepted."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.topics.models import Topic


class AcceptedAnswer(Model):
    """One post accepted as an answer to its topic's question."""

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="accepted_answers", db_index=True
    )
    post: fields.OneToOneRelation[Post] = fields.OneToOneField("forum.Post", related_name="accepted_answer")
    accepter: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="accepted_answers", on_delete=fields.RESTRICT, db_index=True
    )
    post_version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "accepted_answers"

"""Questions that nobody had to ask."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.topics.models import Topic


class AvoidedQuestion(Model):
    """Somebody who was about to ask found the answer in a topic that was there: once a topic."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="avoided_questions"
    )
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="avoided_questions", db_index=True
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "avoided_questions"
        unique_together = (("user", "topic"),)

"""Guides."""

from tortoise import fields
from tortoise.models import Model

from forum.topics.models import Topic


class Guide(Model):
    """The typed fields of a topic of the kind "guide". Its text is the topic's first post, a wiki."""

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField("forum.Topic", related_name="guide")
    version = fields.IntField(default=1)
    state = fields.CharField(max_length=12, default="")
    audience = fields.CharField(max_length=200, null=True)
    valid_on = fields.CharField(max_length=10, null=True)
    licence = fields.CharField(max_length=20, null=True)

    class Meta:
        table = "guides"

"""Gatherings and their places."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.topics.models import Topic


class Gathering(Model):
    """The typed fields of a topic of the kind "gathering". `outcome`: what came out of it, or why nothing."""

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField("forum.Topic", related_name="gathering")
    version = fields.IntField(default=1)
    state = fields.CharField(max_length=12, default="")
    gathering_type = fields.CharField(max_length=20)
    starts_at = fields.CharField(max_length=16)
    ends_at = fields.CharField(max_length=16, null=True)
    place = fields.CharField(max_length=200)
    places = fields.IntField(null=True)
    organisation_places = fields.IntField(null=True)
    programme = fields.TextField(null=True)
    outcome = fields.TextField(default="", db_default="")

    class Meta:
        table = "gatherings"


class Seat(Model):
    """Somebody comes, or waits for a place: the smaller number is served first.

    `organisation_id`: the one of theirs for which they come, none for whoever belongs to none.
    """

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField("forum.Topic", related_name="seats")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="seats", db_index=True
    )
    waiting = fields.BooleanField(default=False)
    organisation_id = fields.IntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "seats"
        unique_together = (("topic", "user"),)

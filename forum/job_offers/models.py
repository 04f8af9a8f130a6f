"""Job offers."""

from tortoise import fields
from tortoise.models import Model

from forum.topics.models import Topic


class JobOffer(Model):
    """The typed fields of a topic of the kind "job". `state` is "expired" once the deadline has passed."""

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField("forum.Topic", related_name="job_offer")
    version = fields.IntField(default=1)
    state = fields.CharField(max_length=12, default="")
    employer = fields.CharField(max_length=200)
    place = fields.CharField(max_length=200)
    branch = fields.CharField(max_length=20)
    grade = fields.CharField(max_length=20, null=True)
    terms = fields.CharField(max_length=20, null=True)
    deadline = fields.CharField(max_length=10)
    starts_on = fields.CharField(max_length=10, null=True)
    official_link = fields.CharField(max_length=200)

    class Meta:
        table = "job_offers"
        indexes = (("state", "deadline"),)

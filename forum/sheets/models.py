"""Experience sheets, and the fields that peers ask for."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.topics.models import Topic


class ExperienceSheet(Model):
    """The typed fields of a topic of the kind "sheet". Null is unknown, never zero.

    `cost_most` is the upper end of a cost that is known as a range only.
    """

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField(
        "forum.Topic", related_name="experience_sheet"
    )
    version = fields.IntField(default=1)
    state = fields.CharField(max_length=12, default="")
    done = fields.TextField()
    expected = fields.TextField(null=True)
    happened = fields.TextField(null=True)
    causes = fields.TextField(null=True)
    lessons = fields.TextField(null=True)
    never_again = fields.TextField(null=True)
    conditions = fields.TextField(null=True)
    organisation = fields.CharField(max_length=200, null=True)
    population = fields.IntField(null=True, db_index=True)
    cost = fields.IntField(null=True, db_index=True)
    cost_most = fields.IntField(null=True)
    months = fields.IntField(null=True, db_index=True)
    staff_days = fields.IntField(null=True, db_index=True)
    legal_basis = fields.CharField(max_length=200, null=True)
    contact = fields.CharField(max_length=200, null=True)
    valid_on = fields.CharField(max_length=10, null=True)
    licence = fields.CharField(max_length=20, null=True)
    source_id = fields.IntField(null=True, db_index=True)

    class Meta:
        table = "experience_sheets"


class FieldRequest(Model):
    """A peer asks a sheet's author for a field, until it is filled in."""

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="field_requests"
    )
    field = fields.CharField(max_length=40)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="field_requests", db_index=True
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "field_requests"
        unique_together = (("topic", "field", "user"),)

"""Which accounts belong to the demonstration: only they have a public password."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class DemoPerson(Model):
    """A person of the demonstration community."""

    id = fields.IntField(primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField("forum.User", related_name="demo_person")

    class Meta:
        table = "demo_people"

"""Groups of members; rights on a category are given to groups."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Group(Model):
    """A named set of members."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    full_name = fields.CharField(max_length=120, default="")

    class Meta:
        table = "groups"


class GroupUser(Model):
    """One member of one group."""

    id = fields.IntField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="group_users"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="group_users", db_index=True
    )

    class Meta:
        table = "group_users"
        unique_together = (("group", "user"),)

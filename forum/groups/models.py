"""Groups of members; rights on a category are given to groups."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Admission(StrEnum):
    """How one becomes a member; nobody outside can learn that a hidden group exists."""

    OPEN = "open"
    ON_REQUEST = "on_request"
    CLOSED = "closed"
    HIDDEN = "hidden"


class Group(Model):
    """A named set of members."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    full_name = fields.CharField(max_length=120, default="")
    description = fields.TextField(default="", db_default="")
    admission = fields.CharField(max_length=20, default=Admission.CLOSED.value, db_default="closed")

    class Meta:
        table = "groups"


class GroupUser(Model):
    """One member of one group, whose owners say who else is in it."""

    id = fields.IntField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="group_users"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="group_users", db_index=True
    )
    owner = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "group_users"
        unique_together = (("group", "user"),)


class GroupRequest(Model):
    """A member's last wish to join, and whether they have read what was decided of it."""

    id = fields.IntField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="group_requests"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="group_requests", db_index=True
    )
    message = fields.TextField()
    created_at = fields.DatetimeField()
    accepted = fields.BooleanField(null=True)
    answer = fields.TextField(default="")
    decided_at = fields.DatetimeField(null=True)
    read = fields.BooleanField(default=False)

    class Meta:
        table = "group_requests"
        unique_together = (("group", "user"),)

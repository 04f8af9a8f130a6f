"""Accounts that are going to be erased, and when."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Cause(StrEnum):
    """Why an account is erased. The first two are called off by signing in."""

    ASKED = "asked"
    INACTIVE = "inactive"
    STAFF = "staff"


class Erasure(Model):
    """One account, to be erased from `due_at` on.

    `reminded`: how many times an inactive member was written to. `started_at`: from then on nothing calls it
    off, and whoever finds it goes on with it.
    """

    id = fields.IntField(primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField("forum.User", related_name="erasure")
    cause = fields.CharEnumField(Cause, max_length=10)
    asked_at = fields.DatetimeField()
    due_at = fields.DatetimeField(db_index=True)
    reminded = fields.IntField(default=0)
    started_at = fields.DatetimeField(null=True)

    class Meta:
        table = "erasures"

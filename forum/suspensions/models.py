"""Suspensions: each time that a member was kept out, and the one appeal against it."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.reviewables.models import Decision


class Suspension(Model):
    """One suspension, and what became of its appeal.

    Until when it lasts, and why, stands in the member's row, as long as it lasts. `suspended_by` is null for
    whoever keeps the machine. Open from the appeal on, until it is decided.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="suspensions", db_index=True
    )
    suspended_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="ordered_suspensions", null=True, db_index=True
    )
    created_at = fields.DatetimeField()
    message = fields.TextField(default="")
    appealed_at = fields.DatetimeField(null=True)
    is_open = fields.BooleanField(default=False, db_index=True)
    claimed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="claimed_suspensions", null=True, db_index=True
    )
    claimed_at = fields.DatetimeField(null=True)
    decision = fields.CharEnumField(Decision, max_length=20, null=True)
    decided_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="decided_suspensions", null=True, db_index=True
    )
    decided_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")

    class Meta:
        table = "suspensions"

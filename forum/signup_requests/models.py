"""Requests for an account that staff decide about, where the sign-up rule is "approval"."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.signups.models import Signup


class SignupRequest(Model):
    """What somebody who signs up says of themselves, and what was decided.

    Open once the address is confirmed, until staff decide. Approved, it goes with its sign-up; refused, it
    is kept for a while, and an appeal opens it once more, for somebody else.
    """

    id = fields.IntField(primary_key=True)
    signup: fields.OneToOneRelation[Signup] = fields.OneToOneField("forum.Signup", related_name="request")
    motive = fields.TextField()
    confirmed_at = fields.DatetimeField(null=True)
    is_open = fields.BooleanField(default=False, db_index=True)
    claimed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="claimed_signup_requests", null=True, db_index=True
    )
    claimed_at = fields.DatetimeField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="decided_signup_requests", null=True, db_index=True
    )
    decided_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")
    message = fields.TextField(default="")

    class Meta:
        table = "signup_requests"

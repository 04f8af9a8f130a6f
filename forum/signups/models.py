"""Accounts asked for: not yet members, seen by nobody, deleted after a week unless they are confirmed."""

from tortoise import fields
from tortoise.models import Model


class Signup(Model):
    """What somebody typed on the sign-up page.

    Several may be for one name or one address: the first one that is confirmed becomes the member. So nobody
    can keep a name from others, or learn of an address.
    """

    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=60)
    username_lower = fields.CharField(max_length=60, db_index=True)
    name = fields.CharField(max_length=120)
    email = fields.CharField(max_length=254, db_index=True)
    password_hash = fields.CharField(max_length=200)
    locale = fields.CharField(max_length=8)
    charter_version = fields.IntField(default=1, db_default=1)
    charter_accepted_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "signups"

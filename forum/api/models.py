"""Keys of programs, and the answers kept for their retries."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class ApiKey(Model):
    """A program's key, hashed, without a user it may speak for anyone (`Api-Username`)."""

    id = fields.IntField(primary_key=True)
    key_hash = fields.CharField(max_length=64, unique=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="api_keys", null=True, db_index=True
    )
    unlimited = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_keys"


class IdempotencyKey(Model):
    """The answer given to a POST, so that a retry with the same key within a day gets it again."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="idempotency_keys", db_index=True
    )
    key = fields.CharField(max_length=200)
    post_id = fields.IntField()
    created_at = fields.DatetimeField(auto_now_add=True, db_index=True)

    class Meta:
        table = "idempotency_keys"
        unique_together = (("user", "key"),)

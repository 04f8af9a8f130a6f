"""Passkeys, and what they are asked to sign."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Passkey(Model):
    """A passkey or a security key (WebAuthn): what proves that somebody holds it, never what it signs with.

    `sign_count` is what it last said that it has signed, 0 when it does not count.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="passkeys", db_index=True
    )
    credential_id = fields.CharField(max_length=1400, unique=True)
    public_key = fields.TextField()
    sign_count = fields.BigIntField(default=0)
    transports = fields.CharField(max_length=120, default="")
    name = fields.CharField(max_length=240)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "passkeys"


class PasskeyChallenge(Model):
    """What a key is to sign: for one session, pending sign-in or browser (`bound_to`), the last one only."""

    id = fields.IntField(primary_key=True)
    bound_to = fields.CharField(max_length=80, unique=True)
    challenge = fields.CharField(max_length=100)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "passkey_challenges"

"""What somebody has, beside a password: an application's secret, codes on paper; and who owes them."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Totp(Model):
    """A member's authenticator application (RFC 6238).

    The secret is sealed (`forum/factors/sealing.py`) and shown until it is confirmed, never after. Codes of a
    step up to `last_step` open nothing any more.
    """

    id = fields.IntField(primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField("forum.User", related_name="totp")
    secret = fields.CharField(max_length=200)
    last_step = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "totps"


class RecoveryCode(Model):
    """A code on paper, good once. Only its hash is kept: it has 80 bits, which nobody tries through."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="recovery_codes", db_index=True
    )
    code_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_codes"


class PendingSignIn(Model):
    """Somebody who gave the right password and owes the second factor. The cookie holds the token, not this.

    `mark` is the account's as it was then; `wish` is where to go once in, with what was typed (JSON).
    """

    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="pending_sign_ins", db_index=True
    )
    mark = fields.CharField(max_length=24)
    wish = fields.TextField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "pending_sign_ins"

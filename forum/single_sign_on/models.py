"""Who members are at an identity provider; who has arrived from it and is not a member yet."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import Session, User


class AssociatedAccount(Model):
    """A member's identity at a provider: Discourse's `user_associated_accounts`.

    Only issuer and subject say who it is. The rest is what the provider said at the last sign-in: it is
    shown, and gives no right.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("forum.User", related_name="associated")
    issuer = fields.CharField(max_length=255)
    subject = fields.CharField(max_length=255)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=120)
    siret = fields.CharField(max_length=14)
    unit = fields.CharField(max_length=160)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()

    class Meta:
        table = "user_associated_accounts"
        unique_together = (("issuer", "subject"), ("user_id", "issuer"))


class Arrival(Model):
    """Somebody whom the provider vouches for and whose identity is no member's, for a quarter of an hour.

    The cookie holds the token, the table only its hash. `email` is "" unless the provider has confirmed it.
    """

    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    issuer = fields.CharField(max_length=255)
    subject = fields.CharField(max_length=255)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=120)
    siret = fields.CharField(max_length=14)
    unit = fields.CharField(max_length=160)
    id_token = fields.TextField()
    return_to = fields.CharField(max_length=400)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "single_sign_on_arrivals"


class ProviderSession(Model):
    """A session that the provider opened: by what name it is shown, and what signing out there takes.

    `sid` is the provider's own name of the session there, if it said one.
    """

    id = fields.IntField(primary_key=True)
    session: fields.OneToOneRelation[Session] = fields.OneToOneField(
        "forum.Session", related_name="provider_session"
    )
    provider_name = fields.CharField(max_length=80)
    id_token = fields.TextField()
    issuer = fields.CharField(max_length=255, default="", db_default="")
    subject = fields.CharField(max_length=255, default="", db_default="", db_index=True)
    sid = fields.CharField(max_length=255, default="", db_default="", db_index=True)

    class Meta:
        table = "provider_sessions"


class ProviderSignOut(Model):
    """A sign-out that the provider told of, for an hour, so that it is obeyed once.

    `told` is the hash of the provider's number of it.
    """

    id = fields.IntField(primary_key=True)
    told = fields.CharField(max_length=64, unique=True)
    issuer = fields.CharField(max_length=255)
    subject = fields.CharField(max_length=255)
    sid = fields.CharField(max_length=255)
    issued_at = fields.DatetimeField()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "provider_sign_outs"

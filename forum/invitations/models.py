"""Invitations: who asked whom to join, and what became of it."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.groups.models import Group


class Invitation(Model):
    """One address asked to join, once.

    Its link is signed and lies nowhere. Open until it is accepted, revoked or `expires_at` has come.
    """

    id = fields.IntField(primary_key=True)
    inviter: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="invitations", db_index=True
    )
    email = fields.CharField(max_length=254)
    group: fields.ForeignKeyNullableRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="invitations", null=True, on_delete=fields.SET_NULL, db_index=True
    )
    message = fields.TextField(default="")
    locale = fields.CharField(max_length=8)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    accepted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="accepted_invitations", null=True, db_index=True
    )

    class Meta:
        table = "invitations"

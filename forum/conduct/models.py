"""What staff write down about a member, for each other."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class StaffNote(Model):
    """One note, seen by staff only, never by the member whom it is about."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="staff_notes", db_index=True
    )
    author: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="written_staff_notes", db_index=True
    )
    source = fields.TextField(source_field="raw")
    created_at = fields.DatetimeField()

    class Meta:
        table = "staff_notes"

"""What members say of themselves, beyond their name."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Audience(StrEnum):
    """Who sees the skills and the short text."""

    EVERYONE = "everyone"
    MEMBERS = "members"


class Profile(Model):
    """Discourse's `user_profiles`. `skills` holds one a line."""

    id = fields.IntField(primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField("forum.User", related_name="profile")
    skills = fields.TextField(default="")
    source = fields.TextField(source_field="bio_raw", default="")
    cooked = fields.TextField(source_field="bio_cooked", default="")
    audience = fields.CharField(max_length=10, default="members")

    class Meta:
        table = "user_profiles"

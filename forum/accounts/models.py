"""People, their sessions and their keys."""

from tortoise import fields
from tortoise.models import Model

from forum.notices.levels import MailLevel


class User(Model):
    """A member: Discourse's `users`, without address when the account is not claimed yet.

    `time_zone` and `picture` are "" for the site's zone and for the initials. `charter_version` is the one
    that binds the member; accounts made on the machine are bound by the first, which they never ticked.
    """

    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=60)
    username_lower = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=120, default="")
    email = fields.CharField(max_length=254, null=True, unique=True)
    password_hash = fields.CharField(max_length=200, null=True)
    title = fields.CharField(max_length=160, default="")
    affiliation = fields.CharField(max_length=160, default="")
    admin = fields.BooleanField(default=False)
    moderator = fields.BooleanField(default=False)
    locale = fields.CharField(max_length=8, null=True)
    time_zone = fields.CharField(max_length=40, default="", db_default="")
    picture = fields.CharField(max_length=40, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    suspended_until = fields.DatetimeField(null=True)
    suspended_reason = fields.TextField(null=True)
    silenced_until = fields.DatetimeField(null=True)
    silenced_reason = fields.TextField(null=True)
    deactivated_at = fields.DatetimeField(null=True)
    # Right to a day; None for an account that the retention job has not looked at yet.
    last_seen_at = fields.DatetimeField(null=True)
    mail_level = fields.CharField(max_length=8, default=MailLevel.AWAY.value, db_default=MailLevel.AWAY.value)
    charter_version = fields.IntField(default=1, db_default=1)
    charter_accepted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "users"

    @property
    def display_name(self) -> str:
        """The name that people read: the full name when there is one."""
        return self.name or self.username


class Session(Model):
    """A signed-in browser. The cookie holds the token, the table only its hash.

    `confirmed_at` is when the password was given again.
    """

    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="sessions", db_index=True
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    last_seen_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=64, default="")
    user_agent = fields.CharField(max_length=300, default="")

    class Meta:
        table = "sessions"

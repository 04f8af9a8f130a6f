from tortoise import migrations
from tortoise.migrations import operations as ops
from forum.mail.models import MailState
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("forum", "0003_pinned_topics")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Mail",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("message_id", fields.CharField(unique=True, max_length=200)),
                ("kind", fields.CharField(max_length=40)),
                ("payload", fields.TextField(unique=False)),
                ("to_address", fields.CharField(max_length=254)),
                ("locale", fields.CharField(max_length=8)),
                ("base_url", fields.CharField(max_length=254)),
                (
                    "state",
                    fields.CharEnumField(
                        default=MailState.WAITING,
                        description="WAITING: waiting\nSENDING: sending\nSENT: sent\nFAILED: failed",
                        enum_type=MailState,
                        max_length=10,
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("claimed_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_error", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "outbox",
                "app": "forum",
                "indexes": [Index(fields=["state", "next_at"])],
                "pk_attr": "id",
                "table_description": "A mail to one person. Its text is made when it is sent, from kind and payload: no link lies here.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Signup",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("username", fields.CharField(max_length=60)),
                ("username_lower", fields.CharField(db_index=True, max_length=60)),
                ("name", fields.CharField(max_length=120)),
                ("email", fields.CharField(db_index=True, max_length=254)),
                ("password_hash", fields.CharField(max_length=200)),
                ("locale", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signups",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "What somebody typed on the sign-up page.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SiteSetting",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ("value", fields.TextField(unique=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "site_settings",
                "app": "forum",
                "pk_attr": "name",
                "table_description": "One setting that is not as it is by default, as it is written (`forum/settings/known.py`).",
            },
            bases=["Model"],
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("forum", "0004_entry")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Profile",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.OneToOneField(
                        "forum.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="profile",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("skills", fields.TextField(default="", unique=False)),
                ("source", fields.TextField(source_field="bio_raw", default="", unique=False)),
                ("cooked", fields.TextField(source_field="bio_cooked", default="", unique=False)),
                ("audience", fields.CharField(default="members", max_length=10)),
            ],
            options={
                "table": "user_profiles",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "Discourse's `user_profiles`. `skills` holds one a line.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="User",
            name="picture",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
        ops.AddField(
            model_name="User",
            name="time_zone",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
    ]

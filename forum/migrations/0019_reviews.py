from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("forum", "0018_reuses")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReviewDate",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "post",
                    fields.OneToOneField(
                        "forum.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="review_date",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("months", fields.IntField()),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("mailed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "confirmed_by",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="confirmed_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="confirmations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "review_dates",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "The date at which a post is to be confirmed. A post that has no row yet has its kind's usual date.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Supersession",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "post",
                    fields.OneToOneField(
                        "forum.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="supersession",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "successor",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="successor_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="predecessors",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="supersessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "supersessions",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "A newer topic has taken the place of what a post says.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Topic",
            name="freshness",
            field=fields.CharField(null=True, max_length=12),
        ),
    ]

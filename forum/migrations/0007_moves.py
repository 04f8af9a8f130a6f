from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("forum", "0006_moderation")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PostMove",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "from_topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="from_topic_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="moves_away",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "to_topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="to_topic_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="moves_here",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "stand_in",
                    fields.ForeignKeyField(
                        "forum.Post",
                        source_field="stand_in_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="stands_for",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("moved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "post_moves",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "One act: some posts of a topic, or all of them, went to another topic.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MovedPost",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "move",
                    fields.ForeignKeyField(
                        "forum.PostMove",
                        source_field="move_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="moved_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="topic_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="left_places",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("post_number", fields.IntField()),
                ("reply_to_post_number", fields.IntField(null=True)),
                (
                    "post",
                    fields.ForeignKeyField(
                        "forum.Post",
                        source_field="post_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="left_places",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("to_post_number", fields.IntField()),
            ],
            options={
                "table": "moved_posts",
                "app": "forum",
                "unique_together": (("topic", "post_number"), ("move", "post")),
                "pk_attr": "id",
                "table_description": "A place that a post has left. The post itself says where it is now.",
            },
            bases=["Model"],
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("forum", "0008_personal_data")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PendingPost",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pending_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="topic_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pending_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "category",
                    fields.ForeignKeyField(
                        "forum.Category",
                        source_field="category_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pending_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(null=True, max_length=80)),
                ("reply_to_post_number", fields.IntField(null=True)),
                ("kind", fields.CharField(default="", max_length=20)),
                ("title", fields.CharField(default="", max_length=300)),
                ("tag_names", fields.TextField(default="", unique=False)),
                ("source", fields.TextField(source_field="raw", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("is_open", fields.BooleanField(default=True)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="decided_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decided_pending_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.TextField(default="", unique=False)),
                ("message", fields.TextField(default="", unique=False)),
                (
                    "post",
                    fields.ForeignKeyField(
                        "forum.Post",
                        source_field="post_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pending_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "pending_posts",
                "app": "forum",
                "unique_together": (("user", "key"),),
                "indexes": [Index(fields=["is_open", "category_id"])],
                "pk_attr": "id",
                "table_description": "A reply, or a topic with its first post (`topic` is null).",
            },
            bases=["Model"],
        ),
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
                        db_index=True,
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
        ops.CreateModel(
            name="Sweep",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sweeps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="done_sweeps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "ruling",
                    fields.OneToOneField(
                        "forum.Reviewable",
                        source_field="ruling_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sweep",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.TextField(unique=False)),
                ("posts_count", fields.IntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sweeps",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "One act about one account. The job deletes what was there at `created_at`, and stops once it is undone.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SweptPost",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "sweep",
                    fields.ForeignKeyField(
                        "forum.Sweep",
                        source_field="sweep_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "forum.Post",
                        source_field="post_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sweeps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "swept_posts",
                "app": "forum",
                "unique_together": (("sweep", "post"),),
                "pk_attr": "id",
                "table_description": "A post that a sweep deleted, alone or with the topic that it opens. Forgotten when it is back.",
            },
            bases=["Model"],
        ),
    ]

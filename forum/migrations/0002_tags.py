from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TopicTag",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="topic_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="topic_tags",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=255)),
                ("name", fields.CharField(max_length=60)),
            ],
            options={
                "table": "topic_tags",
                "app": "forum",
                "unique_together": (("topic", "key"),),
                "indexes": [Index(fields=["key", "topic_id"])],
                "pk_attr": "id",
                "table_description": "One tag of one topic, as it is written there.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Topic",
            name="tag_names",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
    ]

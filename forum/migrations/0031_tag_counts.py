from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

ADDED = "INSERT INTO tag_counts (category_id, key, name, topics) SELECT"
# What one tag of a topic counts, and what a topic's tags count together, when it comes, goes or moves.
ONE_MORE = f"""{ADDED} t.category_id, new.key, new.name, 1 FROM topics t
    WHERE t.id = new.topic_id AND t.deleted_at IS NULL;"""
ONE_LESS = f"""{ADDED} t.category_id, old.key, old.name, -1 FROM topics t
    WHERE t.id = old.topic_id AND t.deleted_at IS NULL;"""
ALL_MORE = f"""{ADDED} new.category_id, g.key, g.name, 1 FROM topic_tags g
    WHERE g.topic_id = new.id AND new.deleted_at IS NULL;"""
ALL_LESS = f"""{ADDED} old.category_id, g.key, g.name, -1 FROM topic_tags g
    WHERE g.topic_id = old.id AND old.deleted_at IS NULL;"""
TRIGGERS = (
    ("tag_counts_tag_in", "AFTER INSERT ON topic_tags", ONE_MORE),
    ("tag_counts_tag_out", "AFTER DELETE ON topic_tags", ONE_LESS),
    ("tag_counts_topic_moved", "AFTER UPDATE OF category_id, deleted_at ON topics", f"{ALL_LESS} {ALL_MORE}"),
    # Its tags go after it, and no longer find where it was.
    ("tag_counts_topic_out", "BEFORE DELETE ON topics", ALL_LESS),
)


async def count_tags(apps: Any, editor: Any) -> None:
    """Count what is there, and keep the counts from then on."""
    client = editor.client
    await client.execute_query(
        f"""{ADDED} t.category_id, g.key, g.name, COUNT(*) FROM topic_tags g JOIN topics t ON t.id = g.topic_id
            WHERE t.deleted_at IS NULL GROUP BY t.category_id, g.key, g.name"""
    )
    for name, when, what in TRIGGERS:
        if client.capabilities.dialect == "sqlite":
            await client.execute_query(f"CREATE TRIGGER {name} {when} BEGIN {what} END")
        else:
            answer = "RETURN old;" if when.startswith("BEFORE") else "RETURN NULL;"
            await client.execute_query(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what} {answer} END $$"
            )
            await client.execute_query(
                f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


class Migration(migrations.Migration):
    dependencies = [('forum', '0030_useful_counts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TagCount',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('category_id', fields.IntField()),
                ('key', fields.CharField(max_length=255)),
                ('name', fields.CharField(max_length=60)),
                ('topics', fields.IntField()),
            ],
            options={'table': 'tag_counts', 'app': 'forum', 'indexes': [Index(fields=['key', 'category_id'])], 'pk_attr': 'id', 'table_description': 'By how many topics of a theme a tag is carried more, or less, under one spelling. The rows add up.'},
            bases=['Model'],
        ),
        ops.RunPython(count_tags, ops.RunPython.noop),
    ]

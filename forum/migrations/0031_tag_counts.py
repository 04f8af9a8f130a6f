from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

# What one tag of a topic counts, and what a topic's tags count together, when it comes, goes or moves.
ONE_MORE = """INSERT INTO tag_counts (category_id, key, name, topics)
    SELECT t.category_id, new.key, new.name, 1 FROM topics t
        WHERE t.id = new.topic_id AND t.deleted_at IS NULL
    ON CONFLICT (key, category_id, name) DO UPDATE SET topics = tag_counts.topics + 1;"""
ONE_LESS = """UPDATE tag_counts SET topics = topics - 1 WHERE key = old.key AND name = old.name AND category_id =
        (SELECT t.category_id FROM topics t WHERE t.id = old.topic_id AND t.deleted_at IS NULL);
    DELETE FROM tag_counts WHERE topics < 1 AND key = old.key;"""
ALL_MORE = """INSERT INTO tag_counts (category_id, key, name, topics)
    SELECT new.category_id, g.key, g.name, 1 FROM topic_tags g
        WHERE g.topic_id = new.id AND new.deleted_at IS NULL
    ON CONFLICT (key, category_id, name) DO UPDATE SET topics = tag_counts.topics + 1;"""
ALL_LESS = """UPDATE tag_counts SET topics = topics - 1 WHERE old.deleted_at IS NULL AND category_id = old.category_id
        AND EXISTS (SELECT 1 FROM topic_tags g
            WHERE g.topic_id = old.id AND g.key = tag_counts.key AND g.name = tag_counts.name)
        AND key IN (SELECT g.key FROM topic_tags g WHERE g.topic_id = old.id);
    DELETE FROM tag_counts WHERE topics < 1
        AND key IN (SELECT g.key FROM topic_tags g WHERE g.topic_id = old.id);"""
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
        """INSERT INTO tag_counts (category_id, key, name, topics)
            SELECT t.category_id, g.key, g.name, COUNT(*) FROM topic_tags g JOIN topics t ON t.id = g.topic_id
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
            options={'table': 'tag_counts', 'app': 'forum', 'unique_together': (('key', 'category_id', 'name'),), 'pk_attr': 'id', 'table_description': 'How many topics of a theme carry a tag, under one of its spellings. A deleted topic carries none.'},
            bases=['Model'],
        ),
        ops.RunPython(count_tags, ops.RunPython.noop),
    ]

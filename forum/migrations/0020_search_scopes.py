from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# A topic that goes to another theme, or out of sight, takes the words of its replies along.
TAKEN_ALONG = (
    "INSERT INTO search_pending (kind, item_id) SELECT 'topic', new.id;"
    " INSERT INTO search_pending (kind, item_id) SELECT 'post', id FROM posts WHERE topic_id = new.id;"
)
NAME = "search_topics_posts_update"
SQLITE = (
    f"CREATE TRIGGER {NAME} AFTER UPDATE OF category_id, deleted_at ON topics BEGIN {TAKEN_ALONG} END",
)
POSTGRES = (
    f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {TAKEN_ALONG} RETURN NULL; END $$",
    f"CREATE TRIGGER {NAME} AFTER UPDATE OF category_id, deleted_at ON topics"
    f" FOR EACH ROW EXECUTE FUNCTION {NAME}()",
)


async def count_anew(apps: Any, editor: Any) -> None:
    """Words are counted by theme from here on: all that is there waits to be indexed again."""
    client = editor.client
    for statement in SQLITE if client.capabilities.dialect == "sqlite" else POSTGRES:
        await client.execute_query(statement)
    await client.execute_query("DELETE FROM search_documents")
    await client.execute_query("DELETE FROM search_pending")
    for table, kind in (("topics", "topic"), ("posts", "post"), ("users", "user")):
        await client.execute_query(
            f"INSERT INTO search_pending (kind, item_id) SELECT '{kind}', id FROM {table} ORDER BY id"
        )


class Migration(migrations.Migration):
    dependencies = [('forum', '0019_reviews')]

    initial = False

    operations = [
        ops.CreateModel(
            name='VocabularyWord',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('scope', fields.IntField()),
                ('word', fields.CharField(max_length=40)),
                ('stem', fields.CharField(db_index=True, max_length=40)),
                ('initial', fields.CharField(max_length=1)),
                ('length', fields.IntField()),
                ('documents', fields.IntField()),
            ],
            options={'table': 'search_vocabulary', 'app': 'forum', 'unique_together': (('scope', 'word'),), 'indexes': [Index(fields=['initial', 'length'])], 'pk_attr': 'id', 'table_description': 'A word that documents of a scope hold, and in how many of them.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='SearchDocument',
            name='scope',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='SearchPending',
            name='tries',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='SearchPending',
            name='retry_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.DeleteModel(name='SearchWord'),
        ops.RunPython(count_anew, ops.RunPython.noop),
    ]

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(title_terms, body_terms, content='search_documents',
        content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_documents_in AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index (rowid, title_terms, body_terms)
            VALUES (new.id, new.title_terms, new.body_terms); END""",
    """CREATE TRIGGER search_documents_out AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index (search_index, rowid, title_terms, body_terms)
            VALUES ('delete', old.id, old.title_terms, old.body_terms); END""",
)
POSTGRES = (
    """ALTER TABLE search_documents ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title_terms), 'A')
        || setweight(to_tsvector('simple', body_terms), 'D')) STORED""",
    "CREATE INDEX idx_search_documents_vector ON search_documents USING gin (vector)",
)
# What of a table's change makes something else to be found: table, columns, kind, the number of the row.
WATCHED = (
    ("topics", "title, tag_names, facts, deleted_at", "topic", "{}.id"),
    ("posts", "cooked, topic_id, post_number, deleted_at", "post", "{}.id"),
    ("posts", "cooked, topic_id, post_number, deleted_at", "topic", "{}.topic_id"),
    ("accepted_answers", "post_id, topic_id", "topic", "{}.topic_id"),
    ("users", "username, name, title, affiliation, deactivated_at", "user", "{}.id"),
    ("user_profiles", "skills, audience", "user", "{}.user_id"),
)
# A reply changes the document of its topic when it is the first post, or accepted.
OPENING = {
    ("posts", "topic"): """WHERE {0}.post_number = 1
    OR EXISTS (SELECT 1 FROM accepted_answers a WHERE a.post_id = {0}.id)"""
}


def triggers(dialect: str) -> list[str]:
    """Every change notes what it changed, in its own transaction."""
    made: list[str] = []
    for table, columns, kind, number in WATCHED:
        for event, row in (("INSERT", "new"), (f"UPDATE OF {columns}", "new"), ("DELETE", "old")):
            name = f"search_{table}_{kind}_{event[:6].lower()}"
            which = OPENING.get((table, kind), "").format(row)
            note = (
                f"INSERT INTO search_pending (kind, item_id) SELECT '{kind}', {number.format(row)} {which};"
            )
            if dialect == "sqlite":
                made.append(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {note} END")
            else:
                made += [
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                    f" $$ BEGIN {note} RETURN NULL; END $$",
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
                ]
    return made


async def make_index(apps: Any, editor: Any) -> None:
    """Full text of each database over the same terms; all that is there waits to be indexed."""
    client = editor.client
    dialect = "sqlite" if client.capabilities.dialect == "sqlite" else "postgres"
    for statement in (*(SQLITE if dialect == "sqlite" else POSTGRES), *triggers(dialect)):
        await client.execute_query(statement)
    for table, kind in (("topics", "topic"), ("posts", "post"), ("users", "user")):
        await client.execute_query(
            f"INSERT INTO search_pending (kind, item_id) SELECT '{kind}', id FROM {table} ORDER BY id"
        )


class Migration(migrations.Migration):
    dependencies = [("forum", "0015_kinds")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AvoidedQuestion",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="avoided_questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "topic",
                    fields.ForeignKeyField(
                        "forum.Topic",
                        source_field="topic_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="avoided_questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "avoided_questions",
                "app": "forum",
                "unique_together": (("user", "topic"),),
                "pk_attr": "id",
                "table_description": "Somebody who was about to ask found the answer in a topic that was there: once a topic.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=20)),
                ("item_id", fields.IntField()),
                ("title_terms", fields.TextField(unique=False)),
                ("body_terms", fields.TextField(unique=False)),
                ("words", fields.TextField(unique=False)),
            ],
            options={
                "table": "search_documents",
                "app": "forum",
                "unique_together": (("kind", "item_id"),),
                "pk_attr": "id",
                "table_description": "What can be found, as terms. Full text of either database stands on it (the migration says how).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SearchPending",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=20)),
                ("item_id", fields.IntField()),
            ],
            options={
                "table": "search_pending",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "Something that changed since it was indexed: written by triggers, in the transaction of the change.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SearchWord",
            fields=[
                ("word", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ("stem", fields.CharField(db_index=True, max_length=40)),
                ("initial", fields.CharField(max_length=1)),
                ("length", fields.IntField()),
                ("documents", fields.IntField()),
            ],
            options={
                "table": "search_words",
                "app": "forum",
                "indexes": [Index(fields=["initial", "length"])],
                "pk_attr": "word",
                "table_description": "A word that documents hold, and in how many of them.",
            },
            bases=["Model"],
        ),
        ops.RunPython(make_index, ops.RunPython.noop),
    ]

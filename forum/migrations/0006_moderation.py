from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from forum.flags.models import FlagType
from forum.reviewables.models import Decision, Kind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index, PartialIndex

# The journal is only ever added to, whoever writes: a row that is there is neither changed, nor deleted, nor
# written over (SQLite's INSERT OR REPLACE fires no trigger of deletion).
SQLITE = (
    """CREATE TRIGGER staff_actions_unchanged BEFORE UPDATE ON staff_actions
        BEGIN SELECT RAISE(ABORT, 'the journal of staff acts cannot be changed'); END""",
    """CREATE TRIGGER staff_actions_kept BEFORE DELETE ON staff_actions
        BEGIN SELECT RAISE(ABORT, 'the journal of staff acts cannot be erased'); END""",
    """CREATE TRIGGER staff_actions_not_replaced BEFORE INSERT ON staff_actions
        WHEN EXISTS (SELECT 1 FROM staff_actions WHERE id = NEW.id OR previous_hash = NEW.previous_hash)
        BEGIN SELECT RAISE(ABORT, 'the journal of staff acts cannot be written over'); END""",
)
POSTGRES = (
    """CREATE FUNCTION refuse_staff_action_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the journal of staff acts cannot be changed'; END $$""",
    """CREATE TRIGGER staff_actions_kept BEFORE UPDATE OR DELETE ON staff_actions
        FOR EACH ROW EXECUTE FUNCTION refuse_staff_action_change()""",
    """CREATE TRIGGER staff_actions_not_emptied BEFORE TRUNCATE ON staff_actions
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_staff_action_change()""",
)


async def keep_journal(apps: Any, editor: Any) -> None:
    """Let the database itself refuse to change the journal."""
    postgres = editor.client.capabilities.dialect == "postgres"
    for statement in POSTGRES if postgres else SQLITE:
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("forum", "0005_profiles")]

    initial = False

    operations = [
        ops.CreateModel(
            name="JournalHead",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("number", fields.IntField()),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "journal_head",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "One row, where the chain ends. Its lock puts acts in one order, and it tells of a chain cut short.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reviewable",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="FLAGGED_POST: flagged_post\nAPPEAL: appeal",
                        enum_type=Kind,
                        max_length=20,
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
                        related_name="reviewables",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("open_post_id", fields.IntField(null=True, unique=True)),
                ("flags_count", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "claimed_by",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="claimed_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="claimed_reviewables",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "decision",
                    fields.CharEnumField(
                        null=True,
                        description="HIDE: hide\nDELETE: delete\nDISAGREE: disagree\nIGNORE: ignore\nUPHOLD: uphold\nOVERTURN: overturn",
                        enum_type=Decision,
                        max_length=20,
                    ),
                ),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="decided_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decided_reviewables",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.TextField(default="", unique=False)),
                (
                    "appeal_of",
                    fields.OneToOneField(
                        "forum.Reviewable",
                        source_field="appeal_of_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="appeal",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("message", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "reviewables",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "Discourse's `reviewables`: one item of the queue.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Flag",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "post",
                    fields.ForeignKeyField(
                        "forum.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="flags",
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
                        related_name="flags",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "reviewable",
                    fields.ForeignKeyField(
                        "forum.Reviewable",
                        source_field="reviewable_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="flags",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "flag_type",
                    fields.IntEnumField(
                        description="OFF_TOPIC: 3\nINAPPROPRIATE: 4\nNOTIFY_MODERATORS: 7\nSPAM: 8",
                        enum_type=FlagType,
                        generated=False,
                    ),
                ),
                ("message", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "flags",
                "app": "forum",
                "unique_together": (("post", "user"),),
                "pk_attr": "id",
                "table_description": "One member's flag on one post: there is one at the most.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffAction",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=60)),
                ("actor_id", fields.IntField(null=True)),
                ("user_id", fields.IntField(null=True)),
                ("topic_id", fields.IntField(null=True)),
                ("post_id", fields.IntField(null=True)),
                ("category_id", fields.IntField(null=True)),
                ("details", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("previous_hash", fields.CharField(unique=True, max_length=64)),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "staff_actions",
                "app": "forum",
                "indexes": [
                    Index(fields=["actor_id", "id"]),
                    Index(fields=["user_id", "id"]),
                    Index(fields=["kind", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "One act. `id` is its number in the chain, without a hole. Ids only: a row outlives what it names.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffNote",
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
                        related_name="staff_notes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "forum.User",
                        source_field="author_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="written_staff_notes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("source", fields.TextField(source_field="raw", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_notes",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "One note, seen by staff only, never by the member whom it is about.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Post",
            name="hidden",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddIndex(
            model_name="Post",
            index=PartialIndex(
                fields=["topic_id", "post_number"], name="idx_posts_hidden", condition={"hidden": True}
            ),
        ),
        ops.AddField(
            model_name="User",
            name="silenced_reason",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="User",
            name="silenced_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="suspended_reason",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.RunPython(keep_journal, ops.RunPython.noop),
    ]

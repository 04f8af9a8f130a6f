from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from forum.erasures.models import Cause
from forum.exports.models import ExportState
from tortoise.fields.base import OnDelete
from tortoise import fields

# Rows of members are deleted from here on: each database looks then whether a row refers to them. Only deleted
# posts and topics have somebody who deleted them, so that no other write pays for these.
INDEXES = (
    "CREATE INDEX idx_posts_deleted_by ON posts (deleted_by_id) WHERE deleted_by_id IS NOT NULL",
    "CREATE INDEX idx_topics_deleted_by ON topics (deleted_by_id) WHERE deleted_by_id IS NOT NULL",
)


async def make_indexes(apps: Any, editor: Any) -> None:
    """Find what a member has deleted."""
    for statement in INDEXES:
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("forum", "0007_factors")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DataExport",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.OneToOneField(
                        "forum.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="data_export",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ExportState.WAITING,
                        description="WAITING: waiting\nREADY: ready",
                        enum_type=ExportState,
                        max_length=10,
                    ),
                ),
                ("file", fields.CharField(default="", max_length=40)),
                ("bytes", fields.BigIntField(default=0)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ready_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "data_exports",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "An archive, at the most one a member. `file` is its name in the folder of exports.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Erasure",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.OneToOneField(
                        "forum.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="erasure",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "cause",
                    fields.CharEnumField(
                        description="ASKED: asked\nINACTIVE: inactive\nSTAFF: staff",
                        enum_type=Cause,
                        max_length=10,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("reminded", fields.IntField(default=0)),
                ("started_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "erasures",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "One account, to be erased from `due_at` on.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffReason",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("action_id", fields.IntField(unique=True)),
                ("salt", fields.CharField(max_length=32)),
                ("words", fields.TextField(unique=False)),
            ],
            options={
                "table": "staff_reasons",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "Why an act was done, in words that may be erased: its row holds a digest of `salt` and `words`.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Mail",
            name="member_id",
            field=fields.IntField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Post",
            name="former_downs",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Post",
            name="former_ups",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="User",
            name="last_seen_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunPython(make_indexes, ops.RunPython.noop),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("forum", "0011_site_and_mail")]

    initial = False

    operations = [
        ops.AddField(
            model_name="PendingPost",
            name="claimed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="PendingPost",
            name="claimed_by",
            field=fields.ForeignKeyField(
                "forum.User",
                source_field="claimed_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="claimed_pending_posts",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddIndex(
            model_name="PendingPost",
            index=Index(fields=["claimed_by_id"]),
        ),
    ]

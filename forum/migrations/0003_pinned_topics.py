from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import PartialIndex


class Migration(migrations.Migration):
    dependencies = [("forum", "0002_tags")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="Topic",
            index=PartialIndex(
                fields=["bumped_at", "id"], name="idx_topics_pinned", condition={"pinned": True}
            ),
        ),
    ]

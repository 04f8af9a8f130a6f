from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops


async def forget_meanings(apps: Any, editor: Any) -> None:
    """They weighed a title as much as its text. The model reads all topics again, a moment after the start."""
    await editor.client.execute_query("DELETE FROM search_meanings")


class Migration(migrations.Migration):
    dependencies = [('forum', '0031_tag_counts')]

    initial = False

    operations = [
        ops.RunPython(forget_meanings, ops.RunPython.noop),
    ]

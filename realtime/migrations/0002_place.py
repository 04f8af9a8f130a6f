from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


async def say_what_was_trimmed(apps: Any, editor: Any) -> None:
    """Events were dropped until now without a word about it in `trimmed_to`."""
    await editor.client.execute_query(
        """UPDATE live_channels SET trimmed_to = COALESCE(
               (SELECT MIN(number) - 1 FROM live_events WHERE channel = live_channels.name), last_offset)"""
    )


class Migration(migrations.Migration):
    dependencies = [("realtime", "0001_initial")]

    initial = False

    operations = [
        ops.AddField(
            model_name="LiveLog",
            name="place",
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.RunPython(say_what_was_trimmed, ops.RunPython.noop),
    ]

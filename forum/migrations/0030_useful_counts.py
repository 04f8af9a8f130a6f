from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

MOST = 2**31 - 1


async def count_useful_votes(apps: Any, editor: Any) -> None:
    """Topics carried what an import had brought, and no vote of here."""
    await editor.client.execute_query(
        f"UPDATE topics SET like_count = (SELECT CASE WHEN f.n > {MOST} THEN {MOST} ELSE f.n END FROM"
        " (SELECT COALESCE(SUM(p.up_count), 0) + COALESCE(SUM(p.imported_like_count), 0) AS n FROM posts p"
        " WHERE p.topic_id = topics.id AND p.deleted_at IS NULL) f)"
    )


class Migration(migrations.Migration):
    dependencies = [('forum', '0029_meanings')]

    initial = False

    operations = [
        ops.RunPython(count_useful_votes, ops.RunPython.noop),
    ]

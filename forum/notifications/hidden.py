"""Alerts about what one may no longer see: they go, from the page and from the badge, and stay gone.

As with a deletion. An alert says "look now"; weeks later, when the right comes back, it would be no news.
And the badge, which every page counts, stays a count of rows.
"""

from forum.categories.queries import MAY_SEE
from forum.channels import user_channel
from realtime import log
from realtime.log import Record
from realtime.sql import sql

BATCH = 500
# A theme's topics, and those of its sub-themes, which may have its rules.
FAMILY = "t.category_id IN (SELECT id FROM categories WHERE id = {0} OR parent_id = {0})"


async def forget_hidden_of_member(user_id: int, record: Record) -> None:
    """A step of taking a right from one member."""
    await _forget("n.user_id = {0}", user_id, record)


async def forget_hidden_alerts(topic_id: int = 0, category_id: int = 0) -> None:
    """The job, after a topic has moved or a theme has other groups: many people, a batch a transaction."""
    where, number = ("t.id = {0}", topic_id) if topic_id else (FAMILY, category_id)
    forgotten = BATCH
    while forgotten == BATCH:
        async with log.transaction() as record:
            forgotten = await _forget(where, number, record, f"ORDER BY n.user_id, n.id LIMIT {BATCH}")


async def _forget(where: str, number: int, record: Record, part: str = "") -> int:
    rows = await sql(
        f"""DELETE FROM notifications WHERE id IN (SELECT n.id FROM notifications n
                JOIN topics t ON t.id = n.topic_id JOIN users u ON u.id = n.user_id
                WHERE {where} AND NOT {MAY_SEE} {part}) RETURNING user_id""",
        number,
    )
    for user_id in sorted({row["user_id"] for row in rows}):
        record(user_channel(user_id), "notification.changed", user_id=user_id)
    return len(rows)

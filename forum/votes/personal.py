"""What votes hold about people."""

from forum.categories.queries import ids
from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds
from realtime.log import Record
from realtime.sql import sql


async def _keep_the_counts(leaver: Leaver, record: Record) -> int:
    """A vote goes on counting, and nothing tells whose it was. Under the topics' locks, as voting is."""
    found = await sql(
        f"""SELECT v.id, p.topic_id FROM votes v JOIN posts p ON p.id = v.post_id
            WHERE v.user_id = {{0}} ORDER BY v.id LIMIT {BATCH}""",
        leaver.id,
    )
    topics = ids(frozenset(row["topic_id"] for row in found))
    await sql(f"UPDATE topics SET version = version + 1 WHERE id IN ({topics})")
    rows = await sql(
        f"""DELETE FROM votes WHERE id IN ({ids(frozenset(row["id"] for row in found))})
            RETURNING post_id, value""",
    )
    for row in rows:
        column = "former_ups" if row["value"] > 0 else "former_downs"
        await sql(f"UPDATE posts SET {column} = {column} + 1 WHERE id = {{0}}", row["post_id"])
    return len(rows)


holds(
    Holding(
        "votes",
        what=lambda: _("Your votes. Others see how many there are, never whose."),
        kept=lambda: _("until you erase your account; after that they only count"),
        people=("user_id",),
        exports=(
            Export(
                "votes.json",
                """SELECT id, post_id, value, created_at FROM votes
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_keep_the_counts,),
    )
)

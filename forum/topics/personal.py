"""What topics hold about people."""

from forum.categories.queries import ids
from forum.channels import public_lists, topic_channel
from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds, with_the_topic
from realtime.log import Record
from realtime.sql import sql

PEOPLE = ("user_id", "last_poster_id", "deleted_by_id")


async def _sign_as_nobody(leaver: Leaver, record: Record) -> int:
    """Whose topic it is, who wrote last, who deleted it; open pages and lists follow."""
    theirs = " OR ".join(f"{column} = {{0}}" for column in PEOPLE)
    found = await sql(f"SELECT id FROM topics WHERE {theirs} ORDER BY id LIMIT {BATCH}", leaver.id)
    changes = ", ".join(f"{c} = CASE WHEN {c} = {{0}} THEN {{1}} ELSE {c} END" for c in PEOPLE)
    rows = await sql(
        f"""UPDATE topics SET {changes}, version = version + 1
            WHERE id IN ({ids(frozenset(row["id"] for row in found))}) RETURNING id, category_id""",
        leaver.id,
        leaver.nobody_id,
    )
    for row in rows:
        for channel in (topic_channel(row["id"]), *await public_lists(row["category_id"])):
            record(channel, "topic.revised", topic_id=row["id"])
    return len(rows)


holds(
    Holding(
        "topics",
        what=lambda: _("The topics that you open: title, theme, tags, times. Others read them and reply."),
        kept=with_the_topic,
        people=PEOPLE,
        texts=("title", "facts"),
        exports=(
            Export(
                "topics.json",
                """SELECT id, title, kind, category_id, tag_names, created_at, closed, deleted_at FROM topics
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
                flags=("closed",),
            ),
        ),
        erase=(_sign_as_nobody,),
        last=True,
    )
)

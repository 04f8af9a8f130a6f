"""An organisation that is written out in a topic's fields: its page, where it is sure which one is meant."""

from forum.organisations.search import name_key
from realtime.sql import sql


async def links_of(table: str, topic_id: int) -> dict[str, str]:
    """The address of what the field `organisation` of a topic names; nothing when that is not sure.

    It is the one for which the topic was opened, if it has this name, else the only one of the directory.

    Args:
        table: of the kind of the topic.
    """
    rows = await sql(
        f"""SELECT d.organisation, p.organisation_id FROM {table} d JOIN posts p ON p.topic_id = d.topic_id
            AND p.post_number = 1 WHERE d.topic_id = {{0}} AND d.organisation IS NOT NULL""",
        topic_id,
    )
    if not rows:
        return {}
    named = await sql(
        "SELECT id, slug FROM organisations WHERE name_key = {0} AND merged_into_id IS NULL LIMIT 30",
        name_key(rows[0]["organisation"]),
    )
    meant = [one for one in named if one["id"] == rows[0]["organisation_id"]] or named
    return {"organisation": f"/o/{meant[0]['slug']}"} if len(meant) == 1 else {}

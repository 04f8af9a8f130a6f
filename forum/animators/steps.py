"""Steps of whatever changes who looks after a theme: cards that say so are made anew soon after."""

from collections.abc import Iterable

from forum import jobs
from forum.categories.queries import ids
from forum.channels import user_channel
from realtime.log import Record
from realtime.sql import sql

# Whether the author `u` of a post looks after the theme of its topic `t`. A card is the same for everyone: it
# does not tell who is in a group that is hidden.
AUTHOR_ANIMATES = """EXISTS (SELECT 1 FROM category_animators ca
    JOIN categories cc ON cc.id = t.category_id AND ca.category_id IN (cc.id, cc.parent_id)
    WHERE ca.user_id = u.id OR ca.group_id IN (SELECT gu.group_id FROM group_users gu
        JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = u.id AND g.admission <> 'hidden'))"""


async def refresh_cards_of(people: Iterable[int]) -> None:
    """Have the pages that show these members made anew."""
    for person in people:
        await jobs.enqueue("refresh_cards", user_id=person)


async def tell_animators_of(record: Record, category_ids: frozenset[int]) -> None:
    """What lies below these themes has changed: what waits for whoever looks after them, and their cards."""
    rows = await sql(
        f"""SELECT user_id FROM category_animators WHERE category_id IN ({ids(category_ids)})
            AND user_id IS NOT NULL
            UNION SELECT gu.user_id FROM category_animators ca JOIN group_users gu
                ON gu.group_id = ca.group_id
            WHERE ca.category_id IN ({ids(category_ids)}) ORDER BY user_id"""
    )
    people = [row["user_id"] for row in rows]
    await refresh_cards_of(people)
    for person in people:
        record(user_channel(person), "review.changed", user_id=person)


async def members_of_group(group_id: int | None) -> list[int]:
    """Who is in a group at this moment."""
    rows = await sql("SELECT user_id FROM group_users WHERE group_id = {0} ORDER BY user_id", group_id)
    return [row["user_id"] for row in rows]


async def animates(group_id: int) -> bool:
    """Whether the members of a group look after some theme."""
    return bool(await sql("SELECT 1 FROM category_animators WHERE group_id = {0} LIMIT 1", group_id))

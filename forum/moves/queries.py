"""Where moved posts are now, and the topics to which posts may be moved."""

import re

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.text import MAX_ID, slugify
from forum.topics.lists import NEWEST_FIRST
from forum.topics.queries import TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from realtime.sql import sql

MOST_FOUND = 10
# A number, or an address of the topic: /t/12, /t/canteens/12, /t/canteens/12/3.
NAMED = re.compile(r"(?:^|/t/(?:[^/\s]+/)?)([1-9][0-9]{0,9})(?:/[0-9]+)?/?(?:[?#].*)?$")


class Place(Struct, frozen=True):
    """A post's place now."""

    topic_id: int
    topic_slug: str
    number: int
    post_id: int
    author_id: int

    @property
    def path(self) -> str:
        """Its address."""
        return f"/t/{self.topic_slug}/{self.topic_id}/{self.number}"


async def place_now(viewer: Viewer, topic_id: int, number: int) -> Place | None:
    """Where the post is that had this number in this topic, if it left and the viewer may look there."""
    rows = await sql(
        f"""SELECT p.topic_id, t.slug AS topic_slug, p.post_number AS number, p.id AS post_id,
            p.user_id AS author_id FROM moved_posts m JOIN posts p ON p.id = m.post_id
            JOIN topics t ON t.id = p.topic_id WHERE m.topic_id = {{0}} AND m.post_number = {{1}}
            AND t.category_id IN ({ids(viewer.rights.see)})
            AND (t.deleted_at IS NULL OR t.category_id IN ({ids(viewer.moderated)}))""",
        topic_id,
        number,
    )
    return Place(**rows[0]) if rows else None


async def topics_named(viewer: Viewer, words: str) -> list[TopicCard]:
    """The topics that a number, an address or words of the title name, as far as the viewer may see them.

    Neither case nor accents count in titles; ten at the most, those with the latest posts first.
    """
    named = NAMED.search(words.strip())
    if named and int(named[1]) <= MAX_ID:
        return await _found("t.id = {0}", viewer, [int(named[1])])
    parts = [part for part in slugify(words).split("-") if part]
    if not parts:
        return []
    where = " AND ".join(f"t.slug LIKE {{{n}}}" for n in range(len(parts)))
    return await _found(where, viewer, [f"%{part}%" for part in parts])


async def _found(where: str, viewer: Viewer, values: list[int] | list[str]) -> list[TopicCard]:
    rows = await sql(
        f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {where} AND t.deleted_at IS NULL"
        f" AND t.category_id IN ({ids(viewer.rights.see)}) {NEWEST_FIRST} {MOST_FOUND}",
        *values,
    )
    return [topic_card(row) for row in rows]

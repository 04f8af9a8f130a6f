"""Tags, always through the topics that the viewer may see: one used nowhere there does not exist."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.tags.names import MAX_KEY, tag_key, tag_slug
from realtime.sql import sql


class TagCard(Struct, frozen=True):
    """A tag as it is most often written, and how many topics carry it: for one viewer."""

    key: str
    name: str
    count: int

    @property
    def slug(self) -> str:
        """The tag in addresses and for programs."""
        return tag_slug(self.name)


async def tag_visible_to(viewer: Viewer, slug: str) -> TagCard:
    """The tag of an address, however it is spelled there.

    Raises:
        NotFound: no topic that the viewer may see carries it.
    """
    found = await _tags(viewer, [tag_key(slug)])
    if not found:
        raise NotFound
    return found[0]


async def tags_visible_to(viewer: Viewer, most: int) -> list[TagCard]:
    """The tags that are used most where the viewer may look."""
    return (await _tags(viewer))[:most]


async def adopt_names(viewer: Viewer, names: Sequence[str]) -> list[str]:
    """Each tag as it is already written where this member may look, else as they typed it."""
    known = {tag.key: tag.name for tag in await _tags(viewer, [tag_key(name) for name in names])}
    return [known.get(tag_key(name), name) for name in names]


async def _tags(viewer: Viewer, keys: Sequence[str] | None = None) -> list[TagCard]:
    """These tags (all of them without `keys`), the most used first."""
    wanted = [key for key in keys or () if 0 < len(key) <= MAX_KEY and "\x00" not in key]
    if keys is not None and not wanted:
        return []
    marks = ", ".join(f"{{{n}}}" for n in range(len(wanted)))
    rows = await sql(
        f"""SELECT g.key, g.name, COUNT(*) AS n FROM topic_tags g JOIN topics t ON t.id = g.topic_id
            WHERE t.deleted_at IS NULL AND t.category_id IN ({ids(viewer.rights.see)})
            {f"AND g.key IN ({marks})" if wanted else ""} GROUP BY g.key, g.name ORDER BY 3 DESC, 2""",
        *wanted,
    )
    return _counted(rows)


def _counted(rows: list[dict[str, Any]]) -> list[TagCard]:
    """One card a key: under its most frequent spelling, with the topics of all of them."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        counts[row["key"]] = counts.get(row["key"], 0) + row["n"]
        names.setdefault(row["key"], row["name"])
    cards = [TagCard(key, names[key], count) for key, count in counts.items()]
    return sorted(cards, key=lambda tag: (-tag.count, tag.key))

"""Tags, always through the topics that the viewer may see: one used nowhere there does not exist."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.tags.names import MAX_KEY, tag_key, tag_slug
from realtime.sql import places, sql


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
    found = await _named(viewer, [tag_key(slug)])
    if not found:
        raise NotFound
    return found[0]


async def tags_visible_to(viewer: Viewer, most: int) -> list[TagCard]:
    """The tags that are used most where the viewer may look."""
    return (await _tags(viewer))[:most]


async def tags_like(viewer: Viewer, typed: str, most: int) -> list[TagCard]:
    """The tags that hold what was typed, however it is spelled, the most used first."""
    key = tag_key(typed)
    if not 1 < len(key) <= MAX_KEY:
        return []
    # A key has letters, figures and hyphens only: nothing that a pattern would take for its own.
    return (await _tags(viewer, "AND key LIKE {0}", f"%{key}%"))[:most]


async def adopt_names(viewer: Viewer, names: Sequence[str]) -> list[str]:
    """Each tag as it is already written where this member may look, else as they typed it."""
    known = {tag.key: tag.name for tag in await _named(viewer, [tag_key(name) for name in names])}
    return [known.get(tag_key(name), name) for name in names]


async def _named(viewer: Viewer, keys: Sequence[str]) -> list[TagCard]:
    wanted = [key for key in keys if 0 < len(key) <= MAX_KEY]
    return await _tags(viewer, f"AND key IN {places(0, len(wanted))}", *wanted) if wanted else []


async def _tags(viewer: Viewer, which: str = "", *values: str) -> list[TagCard]:
    """The tags of the themes that the viewer sees, the most used first.

    Args:
        which: another SQL condition. `values`: of its placeholders.
    """
    rows = await sql(
        f"""SELECT key, name, SUM(topics) AS n FROM tag_counts
            WHERE category_id IN ({ids(viewer.rights.see)}) {which}
            GROUP BY key, name HAVING SUM(topics) > 0 ORDER BY 3 DESC, 2""",
        *values,
    )
    return _counted(rows)


def _counted(rows: list[dict[str, Any]]) -> list[TagCard]:
    """One card a key: under its most frequent spelling, with the topics of all of them."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        counts[row["key"]] = counts.get(row["key"], 0) + int(row["n"])
        names.setdefault(row["key"], row["name"])
    cards = [TagCard(key, names[key], count) for key, count in counts.items()]
    return sorted(cards, key=lambda tag: (-tag.count, tag.key))

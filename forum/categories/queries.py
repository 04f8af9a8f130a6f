"""Themes, read often and changed rarely: kept in memory, renewed when the site's version moves."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from forum.categories.models import Permission
from forum.settings.face import SiteFace, read_face
from realtime.sql import sql


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A theme as pages show it; `topic_count` is counted apart, for each viewer."""

    id: int
    name: str
    slug: str
    description: str
    color: str
    icon: str
    parent_id: int | None
    restricted: bool
    children: tuple["CategoryCard", ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """The categories where one may see, reply, create; each set holds the next."""

    see: frozenset[int] = frozenset()
    reply: frozenset[int] = frozenset()
    create: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Themes:
    """A snapshot of all categories, of who may what in them, and of the site's face."""

    version: int
    by_id: Mapping[int, CategoryCard]
    roots: tuple[CategoryCard, ...]
    grants: Mapping[int, Mapping[int, Permission]]
    face: SiteFace = field(default_factory=SiteFace)
    _rights: dict[tuple[bool, frozenset[int]], Rights] = field(default_factory=dict)

    def open_ids(self) -> frozenset[int]:
        """The categories that everyone may see."""
        return frozenset(id for id in self.by_id if id not in self.grants)

    def rights(self, groups: frozenset[int], *, all_seeing: bool = False) -> Rights:
        """What a member of these groups may do; computed once for each set of groups."""
        key = (all_seeing, groups)
        if key not in self._rights:
            self._rights[key] = self._compute_rights(groups, all_seeing)
        return self._rights[key]

    def _compute_rights(self, groups: frozenset[int], all_seeing: bool) -> Rights:
        best = {id: self._best(id, groups, all_seeing) for id in self.by_id}
        return Rights(
            see=frozenset(id for id, level in best.items() if level is not None),
            reply=frozenset(id for id, level in best.items() if level and level <= Permission.REPLY),
            create=frozenset(id for id, level in best.items() if level and level <= Permission.CREATE),
        )

    def _best(self, category_id: int, groups: frozenset[int], all_seeing: bool) -> Permission | None:
        if all_seeing or category_id not in self.grants:
            return Permission.CREATE
        grants = self.grants[category_id]
        return min((grants[group] for group in groups if group in grants), default=None)


# Whether member `u` may see topic `t`: the same as `Themes.rights`, within a statement.
MAY_SEE = """(u.admin OR NOT EXISTS (SELECT 1 FROM category_groups cg WHERE cg.category_id = t.category_id)
    OR EXISTS (SELECT 1 FROM category_groups cg JOIN group_users gu ON gu.group_id = cg.group_id
        WHERE cg.category_id = t.category_id AND gu.user_id = u.id))"""

# How long a snapshot serves visitors unasked: a right that is lost must be gone within a second, on
# every worker. Members' sessions bring the version with them, so that theirs is always exact.
FRESH_SECONDS = 0.5

_snapshot: Themes | None = None
_asked_at = 0.0


async def themes(version: int | None = None) -> Themes:
    """The snapshot of the categories, read again if the site's `version` is another one.

    Args:
        version: the site's version when the caller has just read it, else it is asked for.
    """
    global _snapshot, _asked_at
    if version is None:
        if _snapshot is not None and time.monotonic() - _asked_at < FRESH_SECONDS:
            return _snapshot
        _asked_at = time.monotonic()
        version = await site_version()
    if _snapshot is None or _snapshot.version != version:
        _snapshot = await _read_themes(version)
    return _snapshot


def forget_themes() -> None:
    """Drop the snapshot: another database is going to be opened (tests, commands)."""
    global _snapshot, _asked_at
    _snapshot, _asked_at = None, 0.0


def expire_themes() -> None:
    """Ask for the version again at the next need: this process has just changed something."""
    global _asked_at
    _asked_at = 0.0


async def site_version() -> int:
    """The number that moves with every change of categories, groups or settings."""
    rows = await sql("SELECT version FROM site WHERE id = 1")
    return int(rows[0]["version"]) if rows else 0


async def _read_themes(version: int) -> Themes:
    rows = await sql(
        "SELECT id, name, slug, description, color, icon, parent_id FROM categories ORDER BY position, id"
    )
    grants: dict[int, dict[int, Permission]] = defaultdict(dict)
    for row in await sql("SELECT category_id, group_id, permission FROM category_groups"):
        grants[row["category_id"]][row["group_id"]] = Permission(row["permission"])
    cards = {row["id"]: CategoryCard(**row, restricted=row["id"] in grants) for row in rows}
    return Themes(version, *_family(cards), dict(grants), await read_face())


def _family(cards: dict[int, CategoryCard]) -> tuple[dict[int, CategoryCard], tuple[CategoryCard, ...]]:
    children: dict[int | None, list[CategoryCard]] = defaultdict(list)
    for card in cards.values():
        children[card.parent_id].append(card)
    whole = {id: _with_children(card, tuple(children[id])) for id, card in cards.items()}
    return whole, tuple(whole[card.id] for card in children[None])


def _with_children(card: CategoryCard, children: tuple[CategoryCard, ...]) -> CategoryCard:
    return CategoryCard(
        card.id, card.name, card.slug, card.description, card.color, card.icon,
        card.parent_id, card.restricted, children,
    )  # fmt: skip


async def topic_counts(see: frozenset[int]) -> dict[int, int]:
    """How many visible topics each of these categories holds."""
    rows = await sql(
        f"SELECT category_id, COUNT(*) AS n FROM topics WHERE deleted_at IS NULL"
        f" AND category_id IN ({ids(see)}) GROUP BY category_id"
    )
    return {row["category_id"]: row["n"] for row in rows}


def ids(numbers: frozenset[int]) -> str:
    """Numbers as the inside of an SQL `IN (…)`; of none, a number that no row has."""
    return ",".join(map(str, sorted(numbers))) or "0"


def current_theme(category_id: int) -> CategoryCard:
    """A theme of the snapshot in memory, for templates."""
    assert _snapshot is not None, "no themes yet: they come with the first viewer"
    return _snapshot.by_id[category_id]


def current_face() -> SiteFace:
    """How the site presents itself, of the snapshot in memory."""
    return SiteFace() if _snapshot is None else _snapshot.face

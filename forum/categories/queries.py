"""Themes, read often and changed rarely: kept in memory, renewed when the site's version moves."""

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from forum.categories.models import Permission
from forum.factors.held_back import HELD_BACK
from forum.settings.face import SiteFace, read_face
from realtime.sql import sql


class CategoryCard(Struct, frozen=True):
    """A theme as pages show it; `topic_count` is counted apart, for each viewer."""

    id: int
    name: str
    slug: str
    description: str
    color: str
    icon: str
    parent_id: int | None
    restricted: bool
    archived: bool = False
    children: tuple["CategoryCard", ...] = ()


class Rights(Struct, frozen=True):
    """The categories where one may see, reply, create; each set holds the next."""

    see: frozenset[int] = frozenset()
    reply: frozenset[int] = frozenset()
    create: frozenset[int] = frozenset()


class Rules(Struct, frozen=True):
    """What everyone may do in a category (None: nothing), and what its groups may beyond that."""

    everyone: Permission | None = Permission.CREATE
    groups: Mapping[int, Permission] = field(default_factory=dict)

    def best(self, groups: frozenset[int]) -> Permission | None:
        """What a member of these groups may do."""
        given = [self.groups[group] for group in groups if group in self.groups]
        return min([*given, *([self.everyone] if self.everyone else [])], default=None)


class Animators(Struct, frozen=True):
    """Who looks after a category: members by their ids, and the members of groups."""

    users: frozenset[int]
    groups: frozenset[int]


class Themes(Struct, frozen=True):
    """A snapshot of all categories, of who may what in them, and of the site's face."""

    version: int
    by_id: Mapping[int, CategoryCard]
    roots: tuple[CategoryCard, ...]
    rules: Mapping[int, Rules]
    animators: Mapping[int, Animators] = field(default_factory=dict)
    face: SiteFace = field(default_factory=SiteFace)
    _rights: dict[tuple[bool, frozenset[int]], Rights] = field(default_factory=dict)

    @property
    def asks_for_groups(self) -> bool:
        """Whether anybody's rights depend on the groups that they are in."""
        return any(rules.groups for rules in self.rules.values()) or bool(self.animators)

    def open_ids(self) -> frozenset[int]:
        """The categories that everyone may see."""
        return frozenset(id for id in self.by_id if self.rules[id].everyone is not None)

    def animated_by(self, user_id: int | None, groups: frozenset[int]) -> frozenset[int]:
        """The categories that a member looks after, where they may look: naming somebody opens no door."""
        named = frozenset(
            id for id, who in self.animators.items() if user_id in who.users or groups & who.groups
        )
        if not named:
            return named
        family = frozenset(id for id, card in self.by_id.items() if id in named or card.parent_id in named)
        return family & self.rights(groups).see

    def named_for(self, user_id: int, groups: frozenset[int], shown: Rights) -> list[CategoryCard]:
        """The categories that a member is named to look after, of those that somebody else may see.

        Args:
            groups: of the member's groups, those that the other may know of.
        """
        named = (id for id, who in self.animators.items() if user_id in who.users or groups & who.groups)
        return [self.by_id[id] for id in sorted(named) if id in shown.see]

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
        best = Permission.CREATE if all_seeing else self.rules[category_id].best(groups)
        return Permission.SEE if best and self.by_id[category_id].archived else best


def sees(category: str) -> str:
    """Whether member `u` may see a category: the same as `Themes.rights`, within a statement.

    Args:
        category: its id, in SQL. A sub-category that inherits has the rules of its parent.
    """
    return f"""((u.admin AND NOT {HELD_BACK}) OR EXISTS (SELECT 1 FROM categories c
        JOIN categories r ON r.id = COALESCE(CASE WHEN c.inherits THEN c.parent_id END, c.id)
        WHERE c.id = {category} AND (r.everyone_may > 0 OR EXISTS (SELECT 1 FROM category_groups cg
            JOIN group_users gu ON gu.group_id = cg.group_id
            WHERE cg.category_id = r.id AND gu.user_id = u.id))))"""


# Whether member `u` may see topic `t`.
MAY_SEE = sees("t.category_id")

# Whether member `u` is of the staff, with all that it asks of them.
STAFF = f"((u.admin OR u.moderator) AND NOT {HELD_BACK})"
# Whether member `u` looks after some category.
ANIMATES = """EXISTS (SELECT 1 FROM category_animators a WHERE a.user_id = u.id
    OR a.group_id IN (SELECT group_id FROM group_users gu WHERE gu.user_id = u.id))"""


def looks_after(category: str) -> str:
    """Whether member `u`, if they may see a category, looks after it: as `Viewer.moderates`, in a statement.

    Args:
        category: its id, in SQL.
    """
    return f"""({STAFF} OR EXISTS (SELECT 1 FROM category_animators a
        JOIN categories c ON c.id = {category} AND a.category_id IN (c.id, c.parent_id)
        WHERE a.user_id = u.id
            OR a.group_id IN (SELECT group_id FROM group_users gu WHERE gu.user_id = u.id)))"""


# Whether member `u`, if they may see topic `t`, looks after its category.
LOOKS_AFTER = looks_after("t.category_id")

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
        """SELECT id, name, slug, description, color, icon, parent_id, archived, inherits, everyone_may
            FROM categories ORDER BY archived, position, id"""
    )
    rules = await _read_rules(rows)
    cards = {row["id"]: _card(row, rules[row["id"]]) for row in rows}
    return Themes(version, *_family(cards), rules, await _read_animators(), await read_face())


async def _read_rules(rows: list[dict[str, Any]]) -> dict[int, Rules]:
    groups: dict[int, dict[int, Permission]] = defaultdict(dict)
    for row in await sql("SELECT category_id, group_id, permission FROM category_groups"):
        groups[row["category_id"]][row["group_id"]] = Permission(row["permission"])
    own = {row["id"]: Rules(_permission(row["everyone_may"]), groups[row["id"]]) for row in rows}
    return {row["id"]: own[(row["parent_id"] if row["inherits"] else None) or row["id"]] for row in rows}


def _permission(number: int) -> Permission | None:
    return Permission(number) if number else None


def _card(row: dict[str, Any], rules: Rules) -> CategoryCard:
    return CategoryCard(
        row["id"], row["name"], row["slug"], row["description"], row["color"], row["icon"],
        row["parent_id"], rules.everyone is None, bool(row["archived"]),
    )  # fmt: skip


async def _read_animators() -> dict[int, Animators]:
    users: dict[int, set[int]] = defaultdict(set)
    groups: dict[int, set[int]] = defaultdict(set)
    for row in await sql("SELECT category_id, user_id, group_id FROM category_animators"):
        if row["user_id"] is not None:
            users[row["category_id"]].add(row["user_id"])
        else:
            groups[row["category_id"]].add(row["group_id"])
    return {id: Animators(frozenset(users[id]), frozenset(groups[id])) for id in {*users, *groups}}


def _family(cards: dict[int, CategoryCard]) -> tuple[dict[int, CategoryCard], tuple[CategoryCard, ...]]:
    children: dict[int | None, list[CategoryCard]] = defaultdict(list)
    for card in cards.values():
        children[card.parent_id].append(card)
    whole = {id: _with_children(card, tuple(children[id])) for id, card in cards.items()}
    return whole, tuple(whole[card.id] for card in children[None])


def _with_children(card: CategoryCard, children: tuple[CategoryCard, ...]) -> CategoryCard:
    return replace(card, children=children)


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

"""A theme whole, for administrators: its rules as they are stored, and who looks after it."""

from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.faces import ThemeFace
from forum.categories.models import Permission
from forum.categories.queries import CategoryCard, Rules
from forum.errors import NotFound
from forum.groups.queries import groups_visible_to
from realtime.sql import sql


class GroupChoice(Struct, frozen=True):
    """A group that may be given rights."""

    id: int
    name: str
    title: str


class AnimatorLine(Struct, frozen=True):
    """Who looks after a theme: a member, or a group."""

    id: int
    person: PersonCard | None
    group: GroupChoice | None

    @property
    def title(self) -> str:
        """The name that people read."""
        return self.person.name if self.person else self.group.title if self.group else ""

    @property
    def path(self) -> str:
        """The member's page, or the group's."""
        return f"/u/{self.person.username}" if self.person else f"/g/{self.group.name if self.group else ''}"


class ThemeDetails(Struct, frozen=True):
    """A theme; `rules` is None while it has those of the theme above."""

    id: int
    face: ThemeFace
    rules: Rules | None
    archived: bool
    topics_count: int


async def theme_details(category_id: int) -> ThemeDetails:
    """The theme of that number.

    Raises:
        NotFound: there is none.
    """
    rows = await sql(
        """SELECT name, slug, description, color, icon, parent_id, position, inherits, everyone_may, archived,
            (SELECT COUNT(*) FROM topics t WHERE t.category_id = c.id) AS topics_count
            FROM categories c WHERE id = {0}""",
        category_id,
    )
    if not rows:
        raise NotFound
    row = rows[0]
    face = ThemeFace(
        row["name"], row["slug"], row["description"], row["color"], row["icon"], row["parent_id"],
        row["position"],
    )  # fmt: skip
    inherits = row["inherits"] and row["parent_id"] is not None
    rules = None if inherits else Rules(_permission(row["everyone_may"]), await _groups(category_id))
    return ThemeDetails(category_id, face, rules, bool(row["archived"]), row["topics_count"])


def _permission(number: int) -> Permission | None:
    return Permission(number) if number else None


async def _groups(category_id: int) -> dict[int, Permission]:
    rows = await sql("SELECT group_id, permission FROM category_groups WHERE category_id = {0}", category_id)
    return {row["group_id"]: Permission(row["permission"]) for row in rows}


async def all_groups() -> list[GroupChoice]:
    """Every group, hidden ones too, by name."""
    rows = await sql("SELECT id, name, full_name FROM groups ORDER BY name")
    return [GroupChoice(row["id"], row["name"], row["full_name"] or row["name"]) for row in rows]


async def animators_shown_to(viewer: Viewer, theme: CategoryCard) -> list[AnimatorLine]:
    """Who looks after a theme, named for it or for the theme above; without groups that are hidden."""
    places = [theme.id, *([theme.parent_id] if theme.parent_id is not None else [])]
    named = [line for place in places for line in await animators_of(place)]
    known = {group.id for group in await groups_visible_to(viewer, limit=2**31 - 1)} if named else set()
    return [line for line in named if line.group is None or line.group.id in known]


async def animators_of(category_id: int) -> list[AnimatorLine]:
    """Who looks after a theme, named for it and not for the theme above."""
    rows = await sql(
        f"""SELECT a.id, a.user_id, a.group_id, g.name AS group_name, g.full_name, {PERSON_COLUMNS}
            FROM category_animators a LEFT JOIN users u ON u.id = a.user_id
            LEFT JOIN groups g ON g.id = a.group_id WHERE a.category_id = {{0}} ORDER BY a.id""",
        category_id,
    )
    return [
        AnimatorLine(
            row["id"],
            person_card(row) if row["user_id"] is not None else None,
            None
            if row["group_id"] is None
            else GroupChoice(row["group_id"], row["group_name"], row["full_name"] or row["group_name"]),
        )
        for row in rows
    ]

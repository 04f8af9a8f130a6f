"""What the administration's pages about themes are given."""

from msgspec import Struct, field

from forum.administration.links import administration_links
from forum.categories.details import AnimatorLine, GroupChoice
from forum.categories.queries import CategoryCard
from forum.web import LiveChannel, PageLink


class ThemeLine(Struct, frozen=True):
    """A theme of the list, in words to whom it is open, and the themes below it."""

    theme: CategoryCard
    words: str
    children: tuple["ThemeLine", ...] = ()


class AdminThemesPage(Struct, frozen=True):
    """All themes of the first level, in their order."""

    lines: list[ThemeLine]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


class FaceForm(Struct, frozen=True):
    """A theme's name, look and place as typed."""

    name: str = ""
    slug: str = ""
    description: str = ""
    color: str = "58666a"
    icon: str = ""
    parent_id: str = ""
    position: str = "0"


class RulesForm(Struct, frozen=True):
    """A theme's rules as chosen: permissions are Discourse's numbers, 0 for nothing.

    Args:
        others: the groups that have no rule, as the choices of a list, after "none".
    """

    inherit: bool = True
    everyone: int = 1
    groups: tuple[tuple[GroupChoice, int], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    permissions: tuple[tuple[int, str], ...] = ()


class AdminThemePage(Struct, frozen=True):
    """One theme, or a new one (`id` is 0), with what is wrong with what was typed."""

    id: int
    title: str
    path: str
    face: FaceForm
    rules: RulesForm
    icons: list[tuple[str, str]]
    parents: list[tuple[str, str]]
    animators: list[AnimatorLine]
    groups: list[GroupChoice]
    archived: bool
    topics_count: int
    username: str
    group_id: str
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)

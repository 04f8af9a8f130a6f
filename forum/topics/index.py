"""A page that lists topics: all of them, a tab's, a theme's, a tag's."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.categories.details import AnimatorLine, animators_shown_to
from forum.categories.queries import CategoryCard
from forum.channels import LATEST, category_channel
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.kinds.narrowing import EVERYTHING, Narrowed
from forum.kinds.registry import kinds
from forum.live_positions import channels_of
from forum.reading.models import NotificationLevel, ThemeLevel
from forum.reading.queries import ReadState, read_states
from forum.reading.themes import at_level, theme_levels
from forum.tagged import tagged_page
from forum.tags.queries import TagCard
from forum.topics.lists import FILTERS, Cursor, count_unknown, topics_visible_to
from forum.topics.pages import IndexPage
from forum.topics.queries import TopicCard
from forum.topics.rows import rows_of
from forum.web import LiveChannel, page, site_of, viewer_of
from realtime.sql import at_once

# Which of the rows that come live a list is for, as a selector; the others it leaves alone.
HOLDS = {"unanswered": "[data-waiting]", "unread": ":not(*)"}


class Wish(Struct, frozen=True):
    """Which topics are wanted: a tab's, or those of a theme or of a tag."""

    tab: str
    theme: CategoryCard | None = None
    tag: TagCard | None = None
    narrowed: Narrowed = EVERYTHING

    @property
    def title(self) -> str:
        """The heading."""
        if self.theme:
            return self.theme.name
        if self.narrowed.kind and self.tab == "latest":
            return self.narrowed.kind.plural()
        return _("Tag: %(name)s") % {"name": self.tag.name} if self.tag else _tab_title(self.tab)

    @property
    def holds(self) -> str:
        """What a new row must be to belong here; "" for any."""
        if self.narrowed.kind:
            return self.narrowed.holds
        return f'[data-tags~="{self.tag.key}"]' if self.tag else HOLDS.get(self.tab, "")


class ListFacts(Struct, frozen=True):
    """All that a list of topics shows to one viewer: read in one go, positions first."""

    topics: list[TopicCard]
    next: Cursor | None
    states: dict[int, ReadState]
    channels: tuple[LiveChannel, ...]
    animators: list[AnimatorLine]
    unknown: int
    levels: Mapping[int, int]

    def shown(self) -> tuple[object, ...]:
        """What changes the list changes one of these; a topic's version stands for its row."""
        rows = [(topic.id, topic.version, topic.pinned) for topic in self.topics]
        animators = [line.title for line in self.animators]
        return (rows, str(self.next), self.states, self.channels, animators, self.unknown, self.levels)


async def list_page(request: Request, wish: Wish, fault: Invalid | None = None) -> Response:
    """The page. Positions are read before rows: what comes in between is shown twice rather than never.

    Args:
        fault: what is wrong with a form beside the list.
    """
    cursor = Cursor.read(request.query_params.get("before"))
    facts = await at_once(partial(_read, viewer_of(request), wish, cursor))

    if fault is not None:
        subject_again = replace(_subject(request, wish, facts), faults=fault.fields)
        return page(request, "topics/index.html", subject_again, fault.status)

    async def subject() -> IndexPage:
        return _subject(request, wish, facts)

    return await tagged_page(request, "topics/index.html", (wish.title, facts.shown()), subject)


async def _read(viewer: Viewer, wish: Wish, cursor: Cursor | None) -> ListFacts:
    shown = _family(viewer, wish.theme)
    channels = await channels_of(viewer, _list_channels(viewer, shown) if cursor is None else [])
    found = await topics_visible_to(
        viewer,
        filter=wish.tab if wish.tab in FILTERS else "latest",
        category_ids=shown,
        tag=wish.tag.key if wish.tag else None,
        narrowed=wish.narrowed,
        before=cursor,
    )
    states = await read_states(viewer, [(topic.id, topic.highest_post_number) for topic in found.topics])
    animators = await animators_shown_to(viewer, wish.theme) if wish.theme else []
    unknown = await count_unknown(viewer, wish.narrowed, shown) if wish.narrowed.asks else 0
    levels = await theme_levels(viewer) if wish.theme or wish.tab == "new" else {}
    return ListFacts(found.topics, found.next, states, channels, animators, unknown, levels)


def _subject(request: Request, wish: Wish, facts: ListFacts) -> IndexPage:
    viewer, templates = viewer_of(request), site_of(request).templates
    return IndexPage(
        title=wish.title,
        tab=wish.tab,
        category=wish.theme,
        tag=wish.tag,
        holds=wish.holds or _not_muted(wish, facts.levels),
        topics=facts.topics,
        rows=rows_of(templates, viewer.locale, facts.topics, facts.states),
        next_path=_next(request, wish, facts.next) if facts.next else None,
        themes=visible_themes(viewer),
        channels=facts.channels,
        animators=facts.animators,
        narrowed=wish.narrowed,
        unknown=facts.unknown,
        kinds=kinds(),
        level=_level(viewer, wish.theme, facts.levels),
    )


def _not_muted(wish: Wish, levels: Mapping[int, int]) -> str:
    """What is new for a member comes from no theme that they have muted."""
    mute = at_level(levels, ThemeLevel.MUTED) if wish.tab == "new" else ()
    return "".join(f':not([data-category="{id}"])' for id in sorted(mute))


def _level(viewer: Viewer, theme: CategoryCard | None, levels: Mapping[int, int]) -> int | None:
    """How closely a member follows the theme of the page."""
    if theme is None or not viewer.signed_in:
        return None
    return levels.get(theme.id, int(NotificationLevel.NORMAL))


def _next(request: Request, wish: Wish, cursor: Cursor) -> str:
    query = urlencode({**wish.narrowed.asked, "before": str(cursor)})
    return f"{request.url.path}?{query}"


def _family(viewer: Viewer, theme: CategoryCard | None) -> frozenset[int] | None:
    if theme is None:
        return None
    return frozenset(c.id for c in (theme, *theme.children) if viewer.may_see(c.id))


def _list_channels(viewer: Viewer, shown: frozenset[int] | None) -> list[str]:
    """A list listens to each channel that it shows: the open categories' through `latest`."""
    if shown is not None:
        return [category_channel(id) for id in sorted(shown)]
    return [LATEST, *(category_channel(id) for id in sorted(viewer.rights.see - viewer.themes.open_ids()))]


def visible_themes(viewer: Viewer) -> tuple[CategoryCard, ...]:
    """The themes, with their sub-themes, that the viewer may see."""
    return tuple(
        replace(theme, children=tuple(child for child in theme.children if viewer.may_see(child.id)))
        for theme in viewer.themes.roots
        if viewer.may_see(theme.id)
    )


def _tab_title(tab: str) -> str:
    titles = {
        "latest": _("Latest topics"),
        "new": _("New topics"),
        "unread": _("Unread topics"),
        "unanswered": _("Questions without a reply"),
    }
    return titles[tab]

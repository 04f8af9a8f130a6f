"""A page that lists topics: all of them, a tab's, a theme's, a tag's."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.channels import LATEST, category_channel
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.reading.queries import read_states
from forum.tags.queries import TagCard
from forum.topics.lists import FILTERS, Cursor, TopicPage, topics_visible_to
from forum.topics.pages import IndexPage
from forum.topics.rows import rows_of
from forum.web import LiveChannel, page, site_of, viewer_of

# Which of the rows that come live a list is for, as a selector; the others it leaves alone.
HOLDS = {"unanswered": "[data-waiting]", "unread": ":not(*)"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which topics are wanted: a tab's, or those of a theme or of a tag."""

    tab: str
    theme: CategoryCard | None = None
    tag: TagCard | None = None

    @property
    def title(self) -> str:
        """The heading."""
        if self.theme:
            return self.theme.name
        return _("Tag: %(name)s") % {"name": self.tag.name} if self.tag else _tab_title(self.tab)

    @property
    def holds(self) -> str:
        """What a new row must be to belong here; "" for any."""
        return f'[data-tags~="{self.tag.key}"]' if self.tag else HOLDS.get(self.tab, "")


async def list_page(request: Request, wish: Wish) -> Response:
    """The page. Positions are read before rows: what comes in between is shown twice rather than never."""
    viewer = viewer_of(request)
    shown = _family(viewer, wish.theme)
    channels = await channels_of(viewer, _list_channels(viewer, shown))
    cursor = Cursor.read(request.query_params.get("before"))
    found = await topics_visible_to(
        viewer,
        filter=wish.tab if wish.tab in FILTERS else "latest",
        category_ids=shown,
        tag=wish.tag.key if wish.tag else None,
        before=cursor,
    )
    live = channels if cursor is None else channels[-1:] if viewer.signed_in else ()
    return page(request, "topics/index.html", await _subject(request, wish, found, live))


async def _subject(
    request: Request, wish: Wish, found: TopicPage, channels: tuple[LiveChannel, ...]
) -> IndexPage:
    viewer = viewer_of(request)
    states = await read_states(viewer, [(topic.id, topic.highest_post_number) for topic in found.topics])
    return IndexPage(
        title=wish.title,
        tab=wish.tab,
        category=wish.theme,
        tag=wish.tag,
        holds=wish.holds,
        topics=found.topics,
        rows=rows_of(site_of(request).templates, viewer.locale, found.topics, states),
        next_path=f"{request.url.path}?{urlencode({'before': str(found.next)})}" if found.next else None,
        themes=visible_themes(viewer),
        channels=channels,
    )


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

"""The page of all themes."""

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.categories import admin_routes
from forum.categories.queries import CategoryCard, topic_counts
from forum.live_positions import channels_of
from forum.tags.queries import TagCard, tags_visible_to
from forum.topics.index import visible_themes
from forum.web import LiveChannel, page, viewer_of

TAGS = 30


class ThemesPage(Struct, frozen=True):
    """The themes that the viewer may see, how many topics each holds for them, and the tags most used."""

    themes: tuple[CategoryCard, ...]
    counts: dict[int, int]
    tags: tuple[TagCard, ...]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def index(request: Request) -> Response:
    """All themes."""
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    counts = await topic_counts(viewer.rights.see)
    tags = tuple(await tags_visible_to(viewer, TAGS))
    subject = ThemesPage(visible_themes(viewer), counts, tags, channels)
    return page(request, "categories/index.html", subject)


routes = [Route("/categories", index, methods=["GET"]), *admin_routes.routes]

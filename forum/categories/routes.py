"""The page of all themes."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.categories.queries import CategoryCard, topic_counts
from forum.live_positions import channels_of
from forum.topics.routes import visible_themes
from forum.web import LiveChannel, page, viewer_of


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The themes that the viewer may see, and how many topics each holds for them."""

    themes: tuple[CategoryCard, ...]
    counts: dict[int, int]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def index(request: Request) -> Response:
    """All themes."""
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    subject = ThemesPage(visible_themes(viewer), await topic_counts(viewer.rights.see), channels)
    return page(request, "categories/index.html", subject)


routes = [Route("/categories", index, methods=["GET"])]

"""The administration's pages: to whoever is no administrator there are none."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.administration.links import administration_links
from forum.administration.permissions import may_administer
from forum.administration.state import LiveState, live_state
from forum.errors import NotFound
from forum.live_positions import channels_of
from forum.web import LiveChannel, PageLink, page, site_of, viewer_of


@dataclass(frozen=True, slots=True)
class LivePage:
    """What goes on live."""

    state: LiveState
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


async def live(request: Request) -> Response:
    """What goes on live: connections, what they hear, what was lost and recovered."""
    viewer, site = viewer_of(request), site_of(request)
    if not may_administer(viewer):
        raise NotFound
    channels = await channels_of(viewer, [])
    state = await live_state(site.hub, site.config.time_zone)
    return page(request, "administration/live.html", LivePage(state, channels))


routes = [Route("/admin/live", live, methods=["GET"])]

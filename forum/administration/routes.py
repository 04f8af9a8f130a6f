"""The administration's pages: to whoever is no administrator there are none."""

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.administration.actions import run_job
from forum.administration.links import administration_links
from forum.administration.permissions import may_administer
from forum.administration.running import JobLine, job_lines
from forum.administration.state import LiveState, live_state
from forum.errors import Conflict, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.web import LiveChannel, PageLink, form_of, page, site_of, viewer_of


class LivePage(Struct, frozen=True):
    """What goes on live."""

    state: LiveState
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


class JobsPage(Struct, frozen=True):
    """Each job; `fault` when one could not be run."""

    jobs: list[JobLine]
    fault: str
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


async def jobs(request: Request) -> Response:
    """What is done behind the pages."""
    return await _jobs_page(request)


async def run(request: Request) -> Response:
    """Run a job now."""
    viewer, form = viewer_of(request), await form_of(request)
    if not may_administer(viewer):
        raise NotFound
    try:
        await run_job(viewer, form.get("name", ""))
    except Conflict as fault:
        return await _jobs_page(request, fault.message)
    return RedirectResponse("/admin/jobs?asked", 303)


async def _jobs_page(request: Request, fault: str = "") -> Response:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    channels = await channels_of(viewer, [])
    flash = _("Asked for: it runs within a second or so.") if "asked" in request.query_params else None
    subject = JobsPage(await job_lines(), fault, channels, flash)
    return page(request, "administration/jobs.html", subject, Conflict.status if fault else 200)


routes = [
    Route("/admin/live", live, methods=["GET"]),
    Route("/admin/jobs", jobs, methods=["GET"]),
    Route("/admin/jobs", run, methods=["POST"]),
]

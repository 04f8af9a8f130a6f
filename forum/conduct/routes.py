"""What staff do about a member: to whoever it is not for, these pages do not exist."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.conduct.actions import (
    reinstate_and_write,
    silence_member,
    suspend_and_write,
    unsilence_member,
    write_note,
)
from forum.conduct.queries import Conduct, conduct_of
from forum.errors import Conflict, Invalid, gathered, require_none
from forum.live_positions import channels_of
from forum.posts.text import check_note
from forum.sweeps.actions import delete_posts_of, recover_posts_of
from forum.sweeps.queries import SweepLine, Written, sweeps_of, written_by
from forum.web import (
    LiveChannel,
    done,
    form_of,
    number_in,
    page,
    site_address,
    site_of,
    viewer_of,
    wants_json,
)
from forum.zones import coming_day

Measure = Callable[[Viewer, int, datetime, str], Awaitable[None]]
Lifting = Callable[[Viewer, int], Awaitable[None]]


class Typed(Struct, frozen=True):
    """What was typed in one of the forms, and what is wrong with it."""

    form: str = ""
    until: str = ""
    words: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    confirmation: str = ""


class ConductPage(Struct, frozen=True):
    """A member as staff see them; the forms with what was refused."""

    conduct: Conduct
    tomorrow: str
    typed: Typed
    written: Written
    sweeps: list[SweepLine]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def show(request: Request) -> Response:
    """What staff know of a member, and the forms to do something about it."""
    return await _page(request, Typed())


async def _page(request: Request, typed: Typed, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    conduct = await conduct_of(viewer, request.path_params["username"])
    tomorrow = now().astimezone(_zone(request)).date() + timedelta(days=1)
    subject = ConductPage(
        conduct,
        tomorrow.isoformat(),
        typed,
        await written_by(viewer, conduct.person.id),
        await sweeps_of(conduct.person.id),
        channels,
    )
    return page(request, "conduct/show.html", subject, status)


def _zone(request: Request) -> ZoneInfo:
    return site_of(request).config.time_zone


async def suspend(request: Request) -> Response:
    """Keep a member out until a day (`until`), or let them in again (`value` 0)."""
    take = partial(suspend_and_write, base_url=site_address(request))
    lift = partial(reinstate_and_write, base_url=site_address(request))
    return await _measure(request, "suspension", take, lift)


async def silence(request: Request) -> Response:
    """Let a member read only until a day (`until`), or write again (`value` 0)."""
    return await _measure(request, "silence", silence_member, unsilence_member)


async def _measure(request: Request, name: str, take: Measure, lift: Lifting) -> Response:
    viewer, form = viewer_of(request), await form_of(request)
    conduct = await conduct_of(viewer, request.path_params["username"])
    try:
        if form.get("value") == "0":
            await lift(viewer, conduct.person.id)
        else:
            until, reason = _read(form, _zone(request))
            await take(viewer, conduct.person.id, until, reason)
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"until": fault.message}
        typed = Typed(name, form.get("until", ""), form.get("reason", ""), errors)
        return await _page(request, typed, fault.status)
    return done(request, f"/u/{conduct.person.username}/conduct")


def _read(form: Mapping[str, str], zone: ZoneInfo) -> tuple[datetime, str]:
    """The day's beginning in the site's zone, and the reason; every fault at once."""
    faults, until, reason = dict[str, str](), now(), ""
    with gathered(faults):
        until = coming_day(form.get("until", ""), zone)
    with gathered(faults):
        reason = check_note(form.get("reason", ""), "reason", needed=True)
    require_none(faults)
    return until, reason


async def delete_posts(request: Request) -> Response:
    """Delete all that a member has written; what is refused is shown again."""
    viewer, form = viewer_of(request), await form_of(request)
    person = (await conduct_of(viewer, request.path_params["username"])).person
    typed = Typed("posts", words=form.get("reason", ""), confirmation=form.get("confirmation", ""))
    try:
        await delete_posts_of(
            viewer, person.id, typed.words, typed=typed.confirmation, username=person.username
        )
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"confirmation": fault.message}
        return await _page(request, replace(typed, errors=errors), fault.status)
    return done(request, f"/u/{person.username}/conduct#posts")


async def recover_posts(request: Request) -> Response:
    """Bring back what was deleted at once (`sweep_id`)."""
    viewer, form = viewer_of(request), await form_of(request)
    person = (await conduct_of(viewer, request.path_params["username"])).person
    await recover_posts_of(viewer, person.id, number_in(form, "sweep_id"))
    return done(request, f"/u/{person.username}/conduct#posts")


async def annotate(request: Request) -> Response:
    """Write a staff note."""
    viewer, form = viewer_of(request), await form_of(request)
    conduct = await conduct_of(viewer, request.path_params["username"])
    try:
        await write_note(viewer, conduct.person.id, form.get("raw", ""))
    except Invalid as fault:
        if wants_json(request):
            raise
        return await _page(request, Typed("notes", words=form.get("raw", ""), errors=fault.fields), 422)
    return done(request, f"/u/{conduct.person.username}/conduct#notes")


routes = [
    Route("/u/{username}/conduct", show, methods=["GET"]),
    Route("/u/{username}/suspension", suspend, methods=["POST"]),
    Route("/u/{username}/silence", silence, methods=["POST"]),
    Route("/u/{username}/notes", annotate, methods=["POST"]),
    Route("/u/{username}/posts-deletion", delete_posts, methods=["POST"]),
    Route("/u/{username}/posts-recovery", recover_posts, methods=["POST"]),
]

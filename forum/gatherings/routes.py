"""Coming to a gathering, its calendar file, its conclusion."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.clock import now
from forum.errors import Invalid, NotFound
from forum.gatherings.actions import come, conclude, stay_away
from forum.gatherings.calendar import calendar
from forum.gatherings.kind import GATHERING
from forum.gatherings.pages import OutcomePage
from forum.kinds.queries import details_of
from forum.kinds.registry import Details
from forum.live_positions import channels_of
from forum.templating import topic_path
from forum.topics.queries import TopicCard, topic_visible_to
from forum.topics.refused import topic_again
from forum.web import (
    PAGE_HEADERS,
    done,
    form_of,
    id_of,
    number_in,
    page,
    site_address,
    site_of,
    viewer_of,
    wants_json,
)


async def _found(request: Request) -> tuple[TopicCard, Details]:
    topic = await topic_visible_to(viewer_of(request), id_of(request))
    details = await details_of(topic.kind, topic.id)
    if details is None or details.kind is not GATHERING:
        raise NotFound
    return topic, details


async def register(request: Request) -> Response:
    """Come (`value` 1), for one of one's organisations (`organisation_id`), or stay away (0)."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}", "")
    topic, details = await _found(request)
    await site_of(request).limits.spend("vote", viewer.member_id)
    if number_in(form, "value", 1) == 1:
        try:
            wish = number_in(form, "organisation_id") if form.get("organisation_id") else None
            await come(viewer, topic, details, wish)
        except Invalid as fault:
            return await topic_again(request, topic.id, fault)
    else:
        await stay_away(viewer, topic, details)
    return done(request, f"{topic_path(topic)}#seat")


async def event(request: Request) -> Response:
    """The calendar file."""
    topic, details = await _found(request)
    zone = site_of(request).config.time_zone
    text = calendar(topic, details, site_address(request), zone, now())
    headers = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{topic.slug}.ics"'}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


async def outcome(request: Request) -> Response:
    """How it ended (`ending`, of `Ending`), with its output or the reason."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}", "")
    topic, details = await _found(request)
    try:
        await conclude(viewer, topic, details, form.get("ending", ""), form.get("outcome", ""))
    except Invalid as fault:
        if wants_json(request):
            raise
        channels = await channels_of(viewer, [])
        subject = OutcomePage(topic, form.get("ending", ""), form.get("outcome", ""), fault.fields, channels)
        return page(request, "gatherings/outcome.html", subject, fault.status)
    return done(request, topic_path(topic))


routes = [
    Route("/t/{id:int}/seat", register, methods=["POST"]),
    Route("/t/{id:int}/event.ics", event, methods=["GET"]),
    Route("/t/{id:int}/outcome", outcome, methods=["POST"]),
]

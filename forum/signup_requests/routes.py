"""Requests for an account: the page of those who decide, which to others does not exist; and the appeal."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.errors import Conflict, Invalid, NotFound, gathered, require_none
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.posts.text import check_note
from forum.reviewables.judging import DecisionForm, decision_in, judged
from forum.signup_requests.actions import (
    appeal_refusal,
    approve_request,
    claim_request,
    refuse_request,
)
from forum.signup_requests.pages import AppealPage, GonePage, RequestPage
from forum.signup_requests.permissions import may_decide_request, may_see_requests
from forum.signup_requests.queries import (
    RequestCard,
    others_may_decide,
    request_of_appeal,
    request_visible_to,
)
from forum.signups.routes import spent
from forum.web import form_of, id_of, page, site_address, site_of, viewer_of, wants_json


async def show(request: Request) -> Response:
    """Who asks, and the form to decide."""
    return await _request_page(request, DecisionForm())


async def _request_page(request: Request, form: DecisionForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    try:
        found = await request_visible_to(viewer, id_of(request))
    except NotFound:
        return await _gone(request, form.reason)
    colleague = found.claimed_by_name if found.claimed_by_id != viewer.id else ""
    may = may_decide_request(viewer, found, has_colleagues=await others_may_decide(viewer))
    may_decide = may and found.open and not colleague
    subject = RequestPage(found, may_decide, colleague, form, await channels_of(viewer, []))
    return page(request, "signup_requests/show.html", subject, status)


async def _gone(request: Request, typed: str = "") -> Response:
    """Staff are told that a colleague was faster; to others it is as any page that is not there."""
    viewer = viewer_of(request)
    if not may_see_requests(viewer) or wants_json(request):
        raise NotFound
    return page(request, "signup_requests/gone.html", GonePage(typed, await channels_of(viewer, [])), 404)


async def claim(request: Request) -> Response:
    """Take it in hand."""
    try:
        found = await request_visible_to(viewer_of(request), id_of(request))
        act = claim_request(viewer_of(request), found)
        return await judged(request, act, _request_page, f"/review/signups/{found.id}")
    except NotFound:
        return await _gone(request)


async def decide(request: Request) -> Response:
    """Open the account, or refuse it with a reason."""
    typed = decision_in(await form_of(request))
    try:
        found = await request_visible_to(viewer_of(request), id_of(request))
        return await judged(request, _decide(request, found, typed), _request_page, "/review", typed)
    except NotFound:
        return await _gone(request, typed.reason)


async def _decide(request: Request, found: RequestCard, typed: DecisionForm) -> None:
    viewer, base_url = viewer_of(request), site_address(request)
    if typed.decision == "approve":
        await approve_request(viewer, found, base_url)
    elif typed.decision == "refuse":
        await refuse_request(viewer, found, typed.reason, base_url)
    else:
        faults = {"decision": _("Choose a decision.")}
        with gathered(faults):
            check_note(typed.reason, "reason", needed=False)
        require_none(faults)


async def show_refusal(request: Request) -> Response:
    """What the link of the mail opens: the reason, and the form to appeal; it changes nothing."""
    return await _appeal_page(request, "", {})


async def _appeal_page(request: Request, message: str, errors: dict[str, str], status: int = 200) -> Response:
    try:
        found = await request_of_appeal(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "signup_requests/appeal.html", AppealPage(found, message, errors), status)


async def appeal(request: Request) -> Response:
    """Ask for a second look."""
    message = (await form_of(request)).get("message", "")
    try:
        await appeal_refusal(site_of(request).config, request.path_params["token"], message)
    except LinkSpent:
        return spent(request)
    except (Invalid, Conflict) as fault:
        errors = fault.fields or {"message": fault.message}
        return await _appeal_page(request, message, errors, fault.status)
    return RedirectResponse(request.url.path, 303)


routes = [
    Route("/review/signups/{id:int}", show, methods=["GET"]),
    Route("/review/signups/{id:int}/claim", claim, methods=["POST"]),
    Route("/review/signups/{id:int}/decision", decide, methods=["POST"]),
    Route("/signup/appeal/{token}", show_refusal, methods=["GET"]),
    Route("/signup/appeal/{token}", appeal, methods=["POST"]),
]

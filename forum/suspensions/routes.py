"""Appeals against suspensions: the page of whoever is kept out, and that of those who decide."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.errors import Conflict, Invalid
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.reviewables.judging import DecisionForm, decision_in, judged
from forum.signups.routes import spent
from forum.suspensions.actions import CHOICES, appeal_suspension, claim_appeal, decide_appeal
from forum.suspensions.pages import AppealPage, JudgePage
from forum.suspensions.permissions import may_decide_appeal
from forum.suspensions.queries import APPEAL_PATH, appeal_visible_to, others_may_decide, suspension_of_link
from forum.suspensions.words import choice_words
from forum.web import form_of, id_of, page, site_address, site_of, viewer_of


async def show(request: Request) -> Response:
    """What the link opens, signed in or not: until when, why, and the form to appeal; it changes nothing."""
    return await _appeal_page(request, "", {})


async def _appeal_page(request: Request, message: str, errors: dict[str, str], status: int = 200) -> Response:
    try:
        found = await suspension_of_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "suspensions/appeal.html", AppealPage(found, message, errors), status)


async def appeal(request: Request) -> Response:
    """Ask for a second look."""
    message, site = (await form_of(request)).get("message", ""), site_of(request)
    try:
        found = await suspension_of_link(site.config, request.path_params["token"])
        await site.limits.spend("flag", found.member.id)
        await appeal_suspension(found, message)
    except LinkSpent:
        return spent(request)
    except (Invalid, Conflict) as fault:
        errors = fault.fields or {"message": fault.message}
        return await _appeal_page(request, message, errors, fault.status)
    return RedirectResponse(request.url.path, 303)


async def judge(request: Request) -> Response:
    """Who appeals against what, and the form to decide."""
    return await _judge_page(request, DecisionForm())


async def _judge_page(request: Request, form: DecisionForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    found = await appeal_visible_to(viewer, id_of(request))
    colleague = found.claimed_by_name if found.claimed_by_id != viewer.id else ""
    may = may_decide_appeal(viewer, found, has_colleagues=await others_may_decide(viewer, found))
    choices = [(choice.value, choice_words(choice)) for choice in CHOICES]
    subject = JudgePage(found, may and found.open and not colleague, colleague, choices, form, channels)
    return page(request, "suspensions/judge.html", subject, status)


async def claim(request: Request) -> Response:
    """Take it in hand."""
    found = await appeal_visible_to(viewer_of(request), id_of(request))
    act = claim_appeal(viewer_of(request), found)
    return await judged(request, act, _judge_page, f"/review/suspensions/{found.id}")


async def decide(request: Request) -> Response:
    """Lift the suspension, or keep it up."""
    viewer, typed = viewer_of(request), decision_in(await form_of(request))
    found = await appeal_visible_to(viewer, id_of(request))
    act = decide_appeal(viewer, found, typed.decision, typed.reason, site_address(request))
    return await judged(request, act, _judge_page, "/review", typed)


routes = [
    Route(f"{APPEAL_PATH}/{{token}}", show, methods=["GET"]),
    Route(f"{APPEAL_PATH}/{{token}}", appeal, methods=["POST"]),
    Route("/review/suspensions/{id:int}", judge, methods=["GET"]),
    Route("/review/suspensions/{id:int}/claim", claim, methods=["POST"]),
    Route("/review/suspensions/{id:int}/decision", decide, methods=["POST"]),
]

"""The review queue, and what the author of a post is told: to whoever they are not for, they do not exist."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.errors import Conflict, Invalid, NotFound
from forum.flags.words import flag_words
from forum.live_positions import channels_of
from forum.pending.queries import held_for
from forum.reviewables.actions import ABOUT_APPEALS, ABOUT_FLAGS, appeal_ruling, claim_case, decide_case
from forum.reviewables.judging import DecisionForm, decision_in, judged
from forum.reviewables.models import Kind
from forum.reviewables.pages import (
    AppealForm,
    CaseLine,
    CasePage,
    FlagWords,
    QueuePage,
    RulingPage,
)
from forum.reviewables.permissions import may_decide, may_review
from forum.reviewables.queries import (
    CaseCard,
    case_visible_to,
    has_colleagues,
    last_case_of,
    open_cases,
    ruling_about,
)
from forum.reviewables.words import decision_words, ruling_words
from forum.signup_requests.permissions import may_see_requests
from forum.signup_requests.queries import requests_for
from forum.suspensions.queries import appeals_for
from forum.sweeps.queries import swept_with
from forum.web import done, form_of, id_of, page, viewer_of, wants_json


async def index(request: Request) -> Response:
    """What waits for a decision, oldest first."""
    viewer = viewer_of(request)
    if not may_review(viewer):
        raise NotFound
    channels = await channels_of(viewer, [])
    lines = [_line(request, case) for case in await open_cases(viewer)]
    subject = QueuePage(
        lines,
        await held_for(viewer),
        await requests_for(viewer),
        await appeals_for(viewer),
        may_see_requests(viewer),
        channels,
    )
    return page(request, "reviewables/index.html", subject)


def _line(request: Request, case: CaseCard) -> CaseLine:
    flags = [FlagWords(flag_words(f.flag_type), f.message, f.by.name, f.by.username) for f in case.flags]
    return CaseLine(
        case,
        flags,
        mine=case.claimed_by_id == viewer_of(request).id,
        decided=decision_words(case.ruling.decision) if case.ruling else "",
        first=decision_words(case.first.decision) if case.first else "",
    )


async def show(request: Request) -> Response:
    """One item, with what was said of it, and the form to decide it."""
    return await _case_page(request, DecisionForm())


async def _case_page(request: Request, form: DecisionForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    case = await case_visible_to(viewer, id_of(request))
    others = case.claimed_by_id not in (None, viewer.id)
    may = may_decide(viewer, case, has_colleagues=await has_colleagues(viewer, case))
    choices = ABOUT_APPEALS if case.kind is Kind.APPEAL else ABOUT_FLAGS
    subject = CasePage(
        _line(request, case),
        may_decide=may and case.ruling is None and not others,
        choices=[(choice.value, decision_words(choice)) for choice in choices],
        form=form,
        channels=channels,
    )
    return page(request, "reviewables/show.html", subject, status)


async def claim(request: Request) -> Response:
    """Take an item in hand."""
    case = await case_visible_to(viewer_of(request), id_of(request))
    return await judged(request, claim_case(viewer_of(request), case), _case_page, f"/review/{case.id}")


async def decide(request: Request) -> Response:
    """Decide an item."""
    viewer, typed = viewer_of(request), decision_in(await form_of(request))
    case = await case_visible_to(viewer, id_of(request))
    act = decide_case(viewer, case, typed.decision, typed.reason)
    return await judged(request, act, _case_page, "/review", typed)


async def ruling(request: Request) -> Response:
    """Why a post was taken away: for its author; staff go to the item."""
    viewer = viewer_of(request)
    if may_review(viewer) and (case_id := await last_case_of(viewer, id_of(request))):
        return RedirectResponse(f"/review/{case_id}", 302)
    return await _ruling_page(request, AppealForm())


async def _ruling_page(request: Request, form: AppealForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    case = await ruling_about(viewer, id_of(request))
    assert case.ruling is not None, "only decisions are found"
    subject = RulingPage(
        case,
        words=ruling_words(case.ruling.decision, await swept_with(case.id)),
        appeal_words=ruling_words(case.appeal.decision) if case.appeal else "",
        may_appeal=case.appeal_id is None and case.gone,
        form=form,
        channels=channels,
    )
    return page(request, "reviewables/ruling.html", subject, status)


async def appeal(request: Request) -> Response:
    """Ask for a second look at a decision about one's own post."""
    viewer, form, post_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/posts/{post_id}/moderation", "")
    case = await ruling_about(viewer, post_id)
    try:
        await appeal_ruling(viewer, case, form.get("message", ""))
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"message": fault.message}
        return await _ruling_page(request, AppealForm(form.get("message", ""), errors), fault.status)
    return done(request, f"/posts/{post_id}/moderation")


routes = [
    Route("/review", index, methods=["GET"]),
    Route("/review/{id:int}", show, methods=["GET"]),
    Route("/review/{id:int}/claim", claim, methods=["POST"]),
    Route("/review/{id:int}/decision", decide, methods=["POST"]),
    Route("/posts/{id:int}/moderation", ruling, methods=["GET"]),
    Route("/posts/{id:int}/appeal", appeal, methods=["POST"]),
]

"""What waits for approval: its author's page, and that of those who decide. To others they do not exist."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.queries import viewer_of_id
from forum.errors import Conflict, ForumError, Invalid, NotFound, gathered, require_none
from forum.i18n import gettext as _
from forum.kinds.registry import Details, details_before, kind_of
from forum.live_positions import channels_of
from forum.pending.actions import (
    appeal_held,
    claim_held,
    publish_held,
    refuse_held,
    revise_held,
    withdraw_held,
)
from forum.pending.pages import ApprovalPage, HeldForm, HeldPage
from forum.pending.permissions import may_approve
from forum.pending.queries import HeldCard, held_visible_to, others_may_decide
from forum.posts.text import check_note, cook_post
from forum.web import done, form_of, id_of, page, site_address, viewer_of, wants_json


async def show(request: Request) -> Response:
    """One's own post that waits, or what became of it."""
    held = await _own(request)
    return await _own_page(request, held, HeldForm(held.source))


async def _own(request: Request) -> HeldCard:
    held = await held_visible_to(viewer_of(request), id_of(request))
    if held.author_id != viewer_of(request).id:
        raise NotFound
    return held


async def _own_page(request: Request, held: HeldCard, form: HeldForm, status: int = 200) -> Response:
    channels = await channels_of(viewer_of(request), [])
    subject = HeldPage(held, await _cooked(held), _details(held), form, channels)
    return page(request, "pending/show.html", subject, status)


async def _cooked(held: HeldCard) -> Markup:
    author = await viewer_of_id(held.author_id, "")
    cooked = await cook_post(held.source, held.topic_id, writer=author)
    return Markup(cooked.html)  # noqa: S704 - sanitised when cooked


def _details(held: HeldCard) -> Details | None:
    return None if held.topic_id else details_before(kind_of(held.kind), held.details)


async def revise(request: Request) -> Response:
    """Change one's text while it waits."""
    held, form = await _own(request), await form_of(request)
    raw = form.get("raw", "")
    try:
        await revise_held(viewer_of(request), held, raw)
    except (Invalid, Conflict) as fault:
        return await _refused_to_author(request, HeldForm(raw), fault, "raw")
    return done(request, f"/pending/{held.id}")


async def _refused_to_author(request: Request, typed: HeldForm, fault: ForumError, name: str) -> Response:
    if wants_json(request):
        raise fault
    form = HeldForm(typed.raw, typed.message, errors=fault.fields or {name: fault.message})
    return await _own_page(request, await _own(request), form, fault.status)


async def withdraw(request: Request) -> Response:
    """Take it back."""
    held = await _own(request)
    await withdraw_held(viewer_of(request), held)
    return done(request, f"/pending/{held.id}")


async def appeal(request: Request) -> Response:
    """Ask for a second look."""
    held, form = await _own(request), await form_of(request)
    message = form.get("message", "")
    try:
        await appeal_held(viewer_of(request), held, message)
    except (Invalid, Conflict) as fault:
        return await _refused_to_author(request, HeldForm(held.source, message), fault, "message")
    return done(request, f"/pending/{held.id}")


async def show_to_staff(request: Request) -> Response:
    """What waits, and the form to decide."""
    held = await _others(request)
    return await _staff_page(request, held, HeldForm(held.source))


async def _others(request: Request) -> HeldCard:
    viewer = viewer_of(request)
    held = await held_visible_to(viewer, id_of(request))
    if held.author_id == viewer.id:
        raise NotFound
    return held


async def _staff_page(request: Request, held: HeldCard, form: HeldForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    may = may_approve(viewer, held, has_colleagues=await others_may_decide(viewer, held))
    colleague = held.claimed_by_name if held.claimed_by_id != viewer.id else ""
    may_decide = may and held.open and not colleague
    subject = ApprovalPage(held, await _cooked(held), _details(held), may_decide, colleague, form, channels)
    return page(request, "pending/review.html", subject, status)


async def claim(request: Request) -> Response:
    """Take it in hand."""
    held = await _others(request)
    try:
        await claim_held(viewer_of(request), held)
    except Conflict as fault:
        if wants_json(request):
            raise
        refused = HeldForm(held.source, errors={"decision": fault.message})
        return await _staff_page(request, await _others(request), refused, fault.status)
    return done(request, f"/review/pending/{held.id}")


async def decide(request: Request) -> Response:
    """Publish it, with its text as the moderator leaves it, or refuse it with a reason."""
    viewer, held, form = viewer_of(request), await _others(request), await form_of(request)
    typed = HeldForm(form.get("raw", held.source), "", form.get("decision", ""), form.get("reason", ""))
    try:
        if typed.decision == "publish":
            await publish_held(viewer, held, typed.raw)
        elif typed.decision == "refuse":
            await refuse_held(viewer, held, typed.reason, site_address(request))
        else:
            await _refuse_undecided(held, typed)
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"decision": fault.message}
        refused = HeldForm(typed.raw, "", typed.decision, typed.reason, errors)
        return await _staff_page(request, await _others(request), refused, fault.status)
    return done(request, "/review")


async def _refuse_undecided(held: HeldCard, typed: HeldForm) -> None:
    """
    Raises:
        Invalid: no decision was chosen; with what is wrong in the text and the reason.
    """
    faults = {"decision": _("Choose a decision.")}
    with gathered(faults):
        check_note(typed.reason, "reason", needed=False)
    with gathered(faults):
        await cook_post(typed.raw, held.topic_id, writer=await viewer_of_id(held.author_id, ""))
    require_none(faults)


routes = [
    Route("/pending/{id:int}", show, methods=["GET"]),
    Route("/pending/{id:int}/revisions", revise, methods=["POST"]),
    Route("/pending/{id:int}/withdrawal", withdraw, methods=["POST"]),
    Route("/pending/{id:int}/appeal", appeal, methods=["POST"]),
    Route("/review/pending/{id:int}", show_to_staff, methods=["GET"]),
    Route("/review/pending/{id:int}/claim", claim, methods=["POST"]),
    Route("/review/pending/{id:int}/decision", decide, methods=["POST"]),
]

"""The page of the search's other words: to whoever looks after nothing there is none."""

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.errors import Conflict, Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.search.asked import MAX_QUESTION
from forum.synonyms.actions import add_group, change_group, remove_group
from forum.synonyms.permissions import may_edit_synonyms
from forum.synonyms.queries import Change, Trial, change_of, latest_changes, own_groups, trial_of
from forum.web import LiveChannel, form_of, page, site_of, viewer_of


class Refusal(Struct, frozen=True):
    """What was typed for a group (`before` is "" for a new one) and why it was not taken.

    Args:
        change: what somebody else made of the group meanwhile.
    """

    status: int
    before: str
    words: str
    sentence: str
    change: Change | None = None


class SynonymsPage(Struct, frozen=True):
    """The groups, their latest changes, and a question that was tried."""

    groups: list[str]
    changes: list[Change]
    trial: Trial | None
    refusal: Refusal | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def index(request: Request) -> Response:
    """The groups; `?try=` shows what a question finds by them."""
    _editor(request)
    return await _page(request)


def _editor(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_edit_synonyms(viewer):
        raise NotFound
    return viewer


async def create(request: Request) -> Response:
    """Add a group."""
    editor, form = _editor(request), await form_of(request)
    try:
        await add_group(editor, form.get("words", ""))
    except Invalid as fault:
        refusal = Refusal(fault.status, "", form.get("words", ""), fault.fields["words"])
        return await _page(request, refusal)
    return RedirectResponse("/synonyms?saved", 303)


async def update(request: Request) -> Response:
    """Change a group, as it was when its editor saw it."""
    editor, form = _editor(request), await form_of(request)
    before, words = form.get("before", ""), form.get("words", "")
    try:
        await change_group(editor, before, words)
    except Invalid as fault:
        return await _page(request, Refusal(fault.status, before, words, fault.fields["words"]))
    except Conflict as fault:
        return await _page(request, await _changed(fault, before, words))
    return RedirectResponse("/synonyms?saved", 303)


async def destroy(request: Request) -> Response:
    """Remove a group, as it was when its editor saw it."""
    editor, form = _editor(request), await form_of(request)
    before = form.get("before", "")
    try:
        await remove_group(editor, before)
    except Conflict as fault:
        return await _page(request, await _changed(fault, before, ""))
    return RedirectResponse("/synonyms?saved", 303)


async def _changed(fault: Conflict, before: str, words: str) -> Refusal:
    return Refusal(fault.status, before, words, fault.message, await change_of(before))


async def _page(request: Request, refusal: Refusal | None = None) -> Response:
    viewer, query = viewer_of(request), request.query_params
    channels = await channels_of(viewer, [])
    question = query.get("try", "")[:MAX_QUESTION].strip()
    if question:
        await site_of(request).limits.spend("search", viewer.member_id)
    flash = _("Saved: it holds from the next question on.") if "saved" in query else None
    trial = await trial_of(viewer, question) if question else None
    subject = SynonymsPage(await own_groups(), await latest_changes(), trial, refusal, channels, flash)
    return page(request, "synonyms/index.html", subject, refusal.status if refusal else 200)


routes = [
    Route("/synonyms", index, methods=["GET"]),
    Route("/synonyms", create, methods=["POST"]),
    Route("/synonyms/changes", update, methods=["POST"]),
    Route("/synonyms/deletion", destroy, methods=["POST"]),
]

"""Erasing one's account, or for administrators somebody else's."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.queries import PersonCard, person_named
from forum.accounts.viewer import Viewer
from forum.erasures.actions import ask_for_erasure, erase_member
from forum.erasures.pages import ErasurePage, MemberErasurePage
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.preferences.routes import browser_member, sign_in_first
from forum.settings.known import ERASURE_DAYS
from forum.settings.queries import setting
from forum.web import form_of, page, signed_out, site_address, site_of, viewer_of

ERASURE = "/preferences/erasure"


async def show(request: Request) -> Response:
    """What erasing one's account does; after it, that it is planned."""
    if not viewer_of(request).signed_in and "planned" not in request.query_params:
        return sign_in_first(request)
    return await _page(request, {}, "")


async def ask(request: Request) -> Response:
    """Plan it; password and name say that it is oneself, and that it is meant."""
    viewer, form = browser_member(request), await form_of(request)
    await site_of(request).limits.spend("password_check", viewer.member_id)
    typed = form.get("username", "")
    try:
        await ask_for_erasure(viewer, form.get("password", ""), typed, site_address(request))
    except Invalid as fault:
        return await _page(request, fault.fields, typed)
    return signed_out(request, f"{ERASURE}?planned")


async def _page(request: Request, errors: dict[str, str], typed: str) -> Response:
    channels = await channels_of(viewer_of(request), [])
    kept = _("You have signed in: your account is kept.") if "kept" in request.query_params else None
    subject = ErasurePage(await setting(ERASURE_DAYS), typed, errors, channels, flash=kept)
    return page(request, "erasures/show.html", subject, 422 if errors else 200)


async def show_member(request: Request) -> Response:
    """What erasing this member's account does. For administrators; to others there is no such page."""
    viewer, person = await _viewer_and_person(request)
    return await _member_page(request, viewer, person, {}, {})


async def erase(request: Request) -> Response:
    """Erase a member's account."""
    viewer, person = await _viewer_and_person(request)
    form = await form_of(request)
    try:
        await erase_member(viewer, person.id, form.get("username", ""), form.get("reason", ""))
    except Invalid as fault:
        return await _member_page(request, viewer, person, form, fault.fields)
    return RedirectResponse("/admin/journal", 303)


async def _viewer_and_person(request: Request) -> tuple[Viewer, PersonCard]:
    viewer = viewer_of(request)
    if not viewer.admin:
        raise NotFound
    person = await person_named(request.path_params["username"], closed=True)
    if viewer.id == person.id:
        raise NotFound
    return viewer, person


async def _member_page(
    request: Request, viewer: Viewer, person: PersonCard, form: Mapping[str, str], errors: dict[str, str]
) -> Response:
    channels = await channels_of(viewer, [])
    subject = MemberErasurePage(person, form.get("username", ""), form.get("reason", ""), errors, channels)
    return page(request, "erasures/member.html", subject, 422 if errors else 200)


routes = [
    Route(ERASURE, show, methods=["GET"]),
    Route(ERASURE, ask, methods=["POST"]),
    Route("/u/{username}/erasure", show_member, methods=["GET"]),
    Route("/u/{username}/erasure", erase, methods=["POST"]),
]

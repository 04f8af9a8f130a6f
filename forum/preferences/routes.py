"""Preferences: where one is signed in, and how one leaves."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.sessions import end_all_sessions, end_other_sessions, end_own_session
from forum.accounts.viewer import Viewer
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.preferences.actions import close_own_account
from forum.preferences.pages import DeactivationPage, SessionsPage, preference_links
from forum.preferences.queries import sessions_of
from forum.settings.known import INACTIVE_MONTHS
from forum.settings.queries import setting
from forum.web import done, form_of, id_of, page, signed_out, site_of, viewer_of

SESSIONS, DEACTIVATION = "/preferences/sessions", "/preferences/deactivation"


async def index(request: Request) -> Response:
    """The first page of preferences; Discourse's address comes here too."""
    return RedirectResponse(preference_links()[0].path, 303)


def sign_in_first(request: Request) -> Response:
    """The way to a page of preferences for somebody who has not signed in."""
    return RedirectResponse(f"/session/new?return_to={quote(request.url.path)}", 303)


def browser_member(request: Request) -> Viewer:
    """The member at a browser.

    Raises:
        NotFound: a visitor.
    """
    viewer = viewer_of(request)
    if not viewer.signed_in:
        raise NotFound
    return viewer


async def sessions(request: Request) -> Response:
    """Each browser in which the member is signed in."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return sign_in_first(request)
    channels = await channels_of(viewer, [])
    told = {"one": _("That browser is signed out."), "others": _("All other browsers are signed out.")}
    flash = told.get(request.query_params.get("ended", ""))
    return page(
        request, "preferences/sessions.html", SessionsPage(await sessions_of(viewer), channels, flash)
    )


async def end(request: Request) -> Response:
    """Sign one browser out; this one as its own sign-out does."""
    viewer, session_id = browser_member(request), id_of(request)
    await end_own_session(viewer, session_id)
    return signed_out(request) if session_id == viewer.session_id else done(request, f"{SESSIONS}?ended=one")


async def end_many(request: Request) -> Response:
    """Sign out everywhere else (`which` is "others"), or everywhere ("all")."""
    viewer, form = browser_member(request), await form_of(request)
    if form.get("which") == "others":
        await end_other_sessions(viewer)
        return done(request, f"{SESSIONS}?ended=others")
    if form.get("which") == "all":
        await end_all_sessions(viewer, viewer.member_id)
        return signed_out(request)
    raise Invalid(fields={"which": _("Choose one of the two.")})


async def deactivation(request: Request) -> Response:
    """What closing one's account does; after it, that it is done."""
    viewer = viewer_of(request)
    if not viewer.signed_in and "closed" not in request.query_params:
        return sign_in_first(request)
    return await _deactivation_page(request, {})


async def deactivate(request: Request) -> Response:
    """Close one's account; the password says that it is oneself."""
    viewer, form = browser_member(request), await form_of(request)
    await site_of(request).limits.spend("sign_in_account", viewer.username.lower())
    try:
        await close_own_account(viewer, form.get("password", ""))
    except Invalid as fault:
        return await _deactivation_page(request, fault.fields)
    return signed_out(request, f"{DEACTIVATION}?closed=1")


async def _deactivation_page(request: Request, errors: dict[str, str]) -> Response:
    channels = await channels_of(viewer_of(request), [])
    subject = DeactivationPage(await setting(INACTIVE_MONTHS), errors, channels)
    return page(request, "preferences/deactivation.html", subject, 422 if errors else 200)


routes = [
    Route("/preferences", index, methods=["GET"]),
    Route("/my/preferences", index, methods=["GET"]),
    Route(SESSIONS, sessions, methods=["GET"]),
    Route(f"{SESSIONS}/deletion", end_many, methods=["POST"]),
    Route(f"{SESSIONS}/{{id:int}}/deletion", end, methods=["POST"]),
    Route(DEACTIVATION, deactivation, methods=["GET"]),
    Route(DEACTIVATION, deactivate, methods=["POST"]),
]

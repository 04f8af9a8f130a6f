"""Preferences: where one is signed in."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.sessions import end_all_sessions, end_other_sessions, end_own_session
from forum.accounts.viewer import Viewer
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.preferences.pages import SessionsPage, preference_links
from forum.preferences.queries import sessions_of
from forum.web import done, form_of, id_of, page, signed_out, viewer_of

SESSIONS = "/preferences/sessions"


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


routes = [
    Route("/preferences", index, methods=["GET"]),
    Route("/my/preferences", index, methods=["GET"]),
    Route(SESSIONS, sessions, methods=["GET"]),
    Route(f"{SESSIONS}/deletion", end_many, methods=["POST"]),
    Route(f"{SESSIONS}/{{id:int}}/deletion", end, methods=["POST"]),
]

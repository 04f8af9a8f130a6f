"""Second factors: the page that asks for one at sign-in, and the member's pages that manage them."""

from collections.abc import Awaitable, Callable
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.permissions import may_reset_factors
from forum.accounts.queries import person_named, standing_of
from forum.categories.queries import current_face
from forum.errors import Conflict, Invalid, NotFound
from forum.factors.actions import (
    SignInSpent,
    confirm_application,
    confirm_session,
    enter_with_application,
    enter_with_code,
    remove_application,
    renew_codes,
    reset_factors,
    secret_to_confirm,
    start_application,
)
from forum.factors.codes import application_link, code_hash, in_groups, qr_code
from forum.factors.entry import SECOND_STEP, browser_of, count_try, waiting, welcome
from forum.factors.held_back import SET_UP
from forum.factors.pages import ApplicationPage, CodesPage, FactorsPage, SecondStepPage
from forum.factors.queries import Pending, factors_of, good_codes, is_recent
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.passkeys.ceremonies import party_at
from forum.preferences.routes import browser_member, sign_in_first
from forum.web import done, form_of, page, site_address, site_of, viewer_of

APPLICATION, CODES = f"{SET_UP}/totp", f"{SET_UP}/recovery-codes"
AGAIN = "/session/new?again"

Endpoint = Callable[[Request], Awaitable[Response]]


def secret_page(request: Request, template: str, subject: Any, status: int = 200) -> Response:
    """A page that no cache and no history of the browser keeps."""
    response = page(request, template, subject, status)
    response.headers["Cache-Control"] = "no-store"
    return response


async def second_step(request: Request) -> Response:
    """Ask for the second factor of whoever gave the right password at this browser a moment ago."""
    pending = await waiting(request)
    return second_step_page(request, pending, {}) if pending else RedirectResponse(AGAIN, 303)


def second_step_page(request: Request, pending: Pending, errors: dict[str, str]) -> Response:
    """The page, with what was refused."""
    subject = SecondStepPage(pending.username, pending.has_application, pending.has_passkey, errors)
    return secret_page(request, "factors/second_step.html", subject, 422 if errors else 200)


async def take_second_step(request: Request) -> Response:
    """Sign in with the application's code, or one from paper."""
    form, pending, browser = await form_of(request), await waiting(request), browser_of(request)
    if pending is None:
        return RedirectResponse(AGAIN, 303)
    typed = form.get("recovery_code", "").strip()
    await count_try(request, pending.user_id, guessable=not typed)
    try:
        if typed:
            token = await enter_with_code(pending, typed, browser, site_address(request))
        else:
            config = site_of(request).config
            token = await enter_with_application(config, pending, form.get("code", ""), browser)
    except Invalid as fault:
        return second_step_page(request, pending, fault.fields)
    except SignInSpent:
        return RedirectResponse(AGAIN, 303)
    return await welcome(request, pending.user_id, token, pending.wish, stepped=True)


async def index(request: Request) -> Response:
    """A member's second factors."""
    if not viewer_of(request).signed_in:
        return sign_in_first(request)
    return await factors_page(request, {})


async def factors_page(request: Request, errors: dict[str, str], typed: str = "") -> Response:
    """The page, with what was refused."""
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    subject = FactorsPage(
        await factors_of(viewer.member_id), await is_recent(viewer),
        party_at(site_address(request)) is not None, channels, errors, typed, _done(request),
    )  # fmt: skip
    return page(request, "factors/index.html", subject, 422 if errors else 200)


def _done(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    told = {
        "added": _("Done: signing in now asks for it."),
        "removed": _("Taken away. You were told by mail."),
        "confirmed": _("Thank you. For a quarter of an hour you can change your factors."),
    }
    return told.get(request.query_params.get("done", ""))


def recently_shown(endpoint: Endpoint) -> Endpoint:
    """Only for a member who signed in or gave the password a short while ago; else the page asks for it."""

    async def ask(request: Request) -> Response:
        if not await is_recent(browser_member(request)):
            return RedirectResponse(SET_UP, 303)
        return await endpoint(request)

    return ask


async def confirm(request: Request) -> Response:
    """Show with the password that the session is one's own."""
    viewer, form = browser_member(request), await form_of(request)
    await site_of(request).limits.spend("password_check", viewer.member_id)
    try:
        await confirm_session(viewer, form.get("password", ""))
    except Invalid as fault:
        return await factors_page(request, fault.fields)
    return RedirectResponse(f"{SET_UP}?done=confirmed", 303)


async def start(request: Request) -> Response:
    """Make a secret for an application."""
    try:
        await start_application(viewer_of(request), site_of(request).config)
    except Conflict:
        return RedirectResponse(SET_UP, 303)
    return RedirectResponse(APPLICATION, 303)


async def application(request: Request) -> Response:
    """The secret, until it is confirmed."""
    return await _application_page(request, {})


async def _application_page(request: Request, errors: dict[str, str]) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    secret = await secret_to_confirm(viewer, site_of(request).config)
    if secret is None:
        return RedirectResponse(SET_UP, 303)
    site = current_face().title
    drawing = Markup(qr_code(application_link(secret, site, viewer.username)))  # noqa: S704 - segno's
    subject = ApplicationPage(drawing, in_groups(secret), f"{site}: {viewer.username}", channels, errors)
    return secret_page(request, "factors/application.html", subject, 422 if errors else 200)


async def confirm_code(request: Request) -> Response:
    """The application has learnt the secret; with the first factor come the codes for paper."""
    viewer, form = viewer_of(request), await form_of(request)
    await count_try(request, viewer.member_id, guessable=False)
    try:
        codes = await confirm_application(
            viewer, site_of(request).config, form.get("code", ""), site_address(request)
        )
    except Invalid as fault:
        return await _application_page(request, fault.fields)
    except NotFound:
        return RedirectResponse(SET_UP, 303)
    return await added(request, codes)


async def added(request: Request, codes: list[str]) -> Response:
    """A factor was added: the codes that came with it, this once, or the list."""
    return await _codes_page(request, codes) if codes else RedirectResponse(f"{SET_UP}?done=added", 303)


async def _codes_page(request: Request, codes: list[str]) -> Response:
    channels = await channels_of(viewer_of(request), [])
    return secret_page(request, "factors/codes.html", CodesPage(codes, channels))


async def remove(request: Request) -> Response:
    """Take the application away."""
    await remove_application(viewer_of(request), site_address(request))
    return RedirectResponse(f"{SET_UP}?done=removed", 303)


async def renew(request: Request) -> Response:
    """New codes for paper."""
    return await _codes_page(request, await renew_codes(viewer_of(request), site_address(request)))


async def codes_file(request: Request) -> Response:
    """The codes that the page shows, as a file: they are kept nowhere, so the page sends them."""
    viewer, form = browser_member(request), await form_of(request)
    codes = form.get("codes", "").split()[:20]
    hashes = {code_hash(viewer.member_id, code) for code in codes}
    if not hashes or await good_codes(viewer.member_id, hashes) != hashes:
        raise NotFound
    lines = [
        _("Recovery codes of %(username)s on %(site)s (%(address)s)")
        % {"username": viewer.username, "site": current_face().title, "address": site_address(request)},
        _("Each is good once, in the place of the second factor."), "", *codes,
    ]  # fmt: skip
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="relais-{viewer.username}.txt"',
    }
    return PlainTextResponse("\r\n".join(lines) + "\r\n", headers=headers)


async def reset(request: Request) -> Response:
    """Take the factors of a member who has lost them away; for administrators only."""
    viewer, person = viewer_of(request), await person_named(request.path_params["username"])
    if not may_reset_factors(viewer, await standing_of(person.id)):
        raise NotFound
    await reset_factors(viewer, person.id, site_address(request))
    return done(request, f"/u/{person.username}/conduct")


routes = [
    Route(SECOND_STEP, second_step, methods=["GET"]),
    Route(SECOND_STEP, take_second_step, methods=["POST"]),
    Route(SET_UP, index, methods=["GET"]),
    Route(f"{SET_UP}/confirmation", confirm, methods=["POST"]),
    Route(APPLICATION, recently_shown(application), methods=["GET"]),
    Route(APPLICATION, recently_shown(start), methods=["POST"]),
    Route(f"{APPLICATION}/confirmation", recently_shown(confirm_code), methods=["POST"]),
    Route(f"{APPLICATION}/deletion", recently_shown(remove), methods=["POST"]),
    Route(CODES, recently_shown(renew), methods=["POST"]),
    Route(f"{CODES}/file", codes_file, methods=["POST"]),
    Route("/u/{username}/second-factor/deletion", reset, methods=["POST"]),
]

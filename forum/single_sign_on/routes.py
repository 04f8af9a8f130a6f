"""To the identity provider and back."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import astuple
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.names import free_username_like
from forum.accounts.routes import told_suspended
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.errors import Forbidden, Invalid, NotFound
from forum.factors.actions import confirm_session
from forum.factors.entry import let_in
from forum.factors.queries import Wish, is_recent
from forum.links import opened, sign
from forum.security import client_network
from forum.settings.known import SIGN_UPS_AN_HOUR
from forum.settings.queries import setting
from forum.single_sign_on.actions import (
    Arrived,
    Joining,
    check_may_join,
    join,
    link,
    obey_sign_out,
    receive,
    unlink,
)
from forum.single_sign_on.claims import suggested_username
from forum.single_sign_on.leaving import SIGNED_OUT
from forum.single_sign_on.pages import ArrivalPage, FailedPage
from forum.single_sign_on.permissions import may_link
from forum.single_sign_on.queries import ARRIVAL_LIFETIME, Waiting, has_password, waiting_of
from forum.single_sign_on.sign_outs import NoSignOut, sign_out_of
from forum.single_sign_on.vouching import Departure, ProviderAway, ProviderFault, unproved
from forum.suspensions.refusal import Suspended
from forum.web import cookie_of, form_of, inside, page, site_address, site_of, viewer_of

if TYPE_CHECKING:
    from forum.single_sign_on.provider import Provider

BACK_CHANNEL = "/auth/oidc/backchannel-logout"
START, CALLBACK, ARRIVAL = "/auth/oidc", "/auth/oidc/callback", "/auth/arrival"
DEPARTURE, DEPARTURE_LIFETIME = "departure", timedelta(minutes=15)
MAX_RETURN = 300

logger = logging.getLogger("relais.single_sign_on")


async def start(request: Request) -> Response:
    """Off to the provider. A page of another site cannot send a browser there: it is shown our own page."""
    provider, return_to = _provider(request), inside(request.query_params.get("return_to"))
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return RedirectResponse("/session/new", 303)
    departure = Departure()
    try:
        address = await provider.address_of(departure, _callback_of(request), request.scope["locale"])
    except ProviderFault as fault:
        return _failed(request, fault)
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    kept = [*astuple(departure), return_to if len(return_to) <= MAX_RETURN else "/"]
    _keep(request, response, DEPARTURE, sign(site_of(request).config, DEPARTURE, kept), DEPARTURE_LIFETIME)
    return response


async def callback(request: Request) -> Response:
    """Back from the provider, signed in or not. What the browser took along is good for this once."""
    try:
        response = await _come_back(request, _provider(request))
    except ProviderFault as fault:
        response = _failed(request, fault)
    except Suspended as fault:
        response = await told_suspended(request, fault)
    _forget(request, response, DEPARTURE)
    return response


async def _come_back(request: Request, provider: "Provider") -> Response:
    site = site_of(request)
    await site.limits.spend("sign_in_address", client_network(request, site.config))
    token = cookie_of(request.headers, _cookie(site.config, DEPARTURE))
    taken = opened(site.config, DEPARTURE, token, DEPARTURE_LIFETIME) if token else None
    state, nonce, verifier, return_to = map(str, taken or ("", "", "", "/"))
    if taken is None:
        return _failed(request, unproved("nothing was taken along"))
    vouched = await provider.vouched(
        request.query_params, Departure(state, nonce, verifier), _callback_of(request)
    )
    viewer = viewer_of(request)
    found = await receive(viewer, vouched, return_to)
    if isinstance(found, Arrived):
        response = RedirectResponse(ARRIVAL, 303)
        _keep(request, response, "arrival", found.token, ARRIVAL_LIFETIME)
        return response
    if viewer.signed_in:
        return RedirectResponse(inside(return_to), 303)
    return await let_in(request, found, Wish(inside(return_to), id_token=vouched.id_token))


async def arrival(request: Request) -> Response:
    """Whose account shall it be: a new one, or one that there is?"""
    _provider(request)
    waiting = await waiting_of(_arrival_token(request))
    if waiting is None:
        return _failed(request, unproved("nothing was taken along"))
    username = await free_username_like(suggested_username(waiting.identity))
    suggested = Joining(username, waiting.identity.name, "")
    return await _arrival_page(request, waiting, suggested, {})


async def _arrival_page(
    request: Request, waiting: Waiting, typed: Joining, errors: dict[str, str]
) -> Response:
    viewer, refusal = viewer_of(request), ""
    fresh = viewer.signed_in and may_link(viewer, recent=await is_recent(viewer))
    known = viewer.signed_in and await has_password(viewer.member_id)
    try:
        await check_may_join(waiting)
    except Forbidden as fault:
        refusal = fault.message
    charter = bool(typed.charter) and "charter" not in errors
    subject = ArrivalPage(
        waiting.identity, _provider(request).name, fresh, known, refusal, typed.username, typed.name, charter,
        errors,
    )  # fmt: skip
    response = page(request, "single_sign_on/arrival.html", subject, 422 if errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


async def create_account(request: Request) -> Response:
    """A new account, its address confirmed by the provider."""
    _provider(request)
    form, token = await form_of(request), _arrival_token(request)
    typed = Joining(form.get("username", "").strip(), form.get("name", ""), form.get("charter", ""))
    site, waiting = site_of(request), await waiting_of(token)
    most = await setting(SIGN_UPS_AN_HOUR)
    await site.limits.spend("sign_up", client_network(request, site.config), most)
    try:
        user_id = await join(token, typed)
    except ProviderFault as fault:
        return _failed(request, fault)
    except (Invalid, Forbidden) as fault:
        if waiting is None:
            raise
        return await _arrival_page(request, waiting, typed, fault.fields or {"form": fault.message})
    wish = Wish(waiting.return_to, id_token=waiting.id_token) if waiting else Wish()
    response = await let_in(request, user_id, wish)
    _forget(request, response, "arrival")
    return response


async def link_account(request: Request) -> Response:
    """The identity is the viewer's from here on."""
    _provider(request)
    viewer, form, token = viewer_of(request), await form_of(request), _arrival_token(request)
    waiting = await waiting_of(token)
    try:
        await _confirm(request, viewer, form.get("password", ""))
        await link(viewer, token, site_address(request), _provider(request).name)
    except ProviderFault as fault:
        return _failed(request, fault)
    except (Invalid, Forbidden) as fault:
        if waiting is None:
            return _failed(request, unproved("nothing was taken along"))
        errors = fault.fields or {"form": fault.message}
        return await _arrival_page(request, waiting, Joining("", "", ""), errors)
    response = RedirectResponse("/preferences/account?linked", 303)
    _forget(request, response, "arrival")
    return response


async def _confirm(request: Request, viewer: Viewer, password: str) -> None:
    """A session that is not fresh is made so by the password."""
    if viewer.signed_in and password and not await is_recent(viewer):
        await site_of(request).limits.spend("password_check", viewer.member_id)
        await confirm_session(viewer, password)


async def unlink_account(request: Request) -> Response:
    """The identity opens the viewer's account no longer."""
    provider = _provider(request)
    await unlink(viewer_of(request), provider.config.issuer, site_address(request), provider.name)
    return RedirectResponse("/preferences/account?unlinked", 303)


async def back_channel(request: Request) -> Response:
    """The provider itself, and no browser, tells that somebody signed out there."""
    provider, form = _provider(request), await form_of(request)
    try:
        token = await provider.signed(form.get("logout_token", ""))
        config = provider.config
        told = sign_out_of(token.header, token.claims, config.issuer, config.client_id, now())
        count = await obey_sign_out(told)
    except (ProviderFault, NoSignOut) as fault:
        away = isinstance(fault, ProviderAway)
        logger.warning("a sign-out of the provider is not obeyed", extra={"error": str(fault)})
        said = {"error": "temporarily_unavailable" if away else "invalid_request"}
        return JSONResponse(said, 503 if away else 400, headers={"Cache-Control": "no-store"})
    logger.info("the provider signed somebody out", extra={"sessions": count})
    return Response(headers={"Cache-Control": "no-store"})


async def signed_out(request: Request) -> Response:
    """Back from signing out at the provider."""
    return RedirectResponse("/", 303)


def _provider(request: Request) -> "Provider":
    """The provider.

    Raises:
        NotFound: this site has none.
    """
    provider = site_of(request).provider
    if provider is None:
        raise NotFound
    return provider


def _callback_of(request: Request) -> str:
    return site_address(request) + CALLBACK


def _failed(request: Request, fault: ProviderFault) -> Response:
    """Why nothing came of it, and the other ways in."""
    subject = FailedPage(fault.message, _provider(request).name)
    response = page(request, "single_sign_on/failed.html", subject, fault.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _arrival_token(request: Request) -> str:
    return cookie_of(request.headers, _cookie(site_of(request).config, "arrival")) or ""


def _cookie(config: Config, name: str) -> str:
    """For `/auth` only, so that nothing else of the site sees it (`__Host-` would be for every address)."""
    return f"__Secure-relais-{name}" if config.secure else f"relais-{name}"


def _keep(request: Request, response: Response, name: str, value: str, lifetime: timedelta) -> None:
    config, seconds = site_of(request).config, int(lifetime.total_seconds())
    response.set_cookie(
        _cookie(config, name),
        value,
        max_age=seconds,
        path="/auth",
        secure=config.secure,
        httponly=True,
        samesite="lax",
    )


def _forget(request: Request, response: Response, name: str) -> None:
    config = site_of(request).config
    response.delete_cookie(
        _cookie(config, name), path="/auth", secure=config.secure, httponly=True, samesite="lax"
    )


routes = [
    Route(START, start, methods=["GET"]),
    Route(CALLBACK, callback, methods=["GET"]),
    Route(ARRIVAL, arrival, methods=["GET"]),
    Route(f"{ARRIVAL}/account", create_account, methods=["POST"]),
    Route(f"{ARRIVAL}/link", link_account, methods=["POST"]),
    Route(SIGNED_OUT, signed_out, methods=["GET"]),
    Route(BACK_CHANNEL, back_channel, methods=["POST"]),
    Route("/preferences/associated-account/deletion", unlink_account, methods=["POST"]),
]

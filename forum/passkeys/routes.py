"""Passkeys: what they are asked to sign, and what they have signed."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.cookies import passkey_cookie
from forum.accounts.pages import SignInForm
from forum.accounts.routes import kept_fields, sign_in_page, wish_of
from forum.categories.queries import current_face
from forum.errors import Invalid, NotFound
from forum.factors.actions import SignInSpent
from forum.factors.entry import KEPT, SECOND_STEP, browser_of, count_try, waiting, welcome
from forum.factors.held_back import SET_UP
from forum.factors.queries import Pending, Wish
from forum.factors.routes import AGAIN, added, factors_page, recently_shown, second_step_page
from forum.passkeys.actions import (
    CHALLENGE_LIFETIME,
    Entered,
    add_passkey,
    enter_with_passkey,
    new_challenge,
    remove_passkey,
)
from forum.passkeys.ceremonies import Party, options_to_add, options_to_enter, party_at
from forum.passkeys.queries import keys_of
from forum.security import client_network
from forum.suspensions.refusal import Suspended
from forum.web import cookie_of, form_of, id_of, site_address, site_of, viewer_of

PASSKEYS, ALONE = f"{SET_UP}/passkeys", "/session/passkey"


def _party(request: Request) -> Party:
    """The site as keys know it.

    Raises:
        NotFound: it is called by a number.
    """
    party = party_at(site_address(request))
    if party is None:
        raise NotFound
    return party


def _options(json: str) -> Response:
    return Response(json, media_type="application/json", headers={"Cache-Control": "no-store"})


async def ask_to_add(request: Request) -> Response:
    """What a browser needs to make a key for the member."""
    viewer, party = viewer_of(request), _party(request)
    challenge = await new_challenge(_session(request))
    keys = await keys_of(viewer.member_id)
    return _options(
        options_to_add(party, current_face().title, viewer.member_id, viewer.username, challenge, keys)
    )


def _session(request: Request) -> str:
    return f"session {viewer_of(request).session_id}"


async def add(request: Request) -> Response:
    """Add the key that the browser has made; with the first factor come the codes for paper."""
    form, viewer, party = await form_of(request), viewer_of(request), _party(request)
    name, answer = form.get("name", ""), form.get("credential", "")
    try:
        codes = await add_passkey(viewer, party, _session(request), name, answer, site_address(request))
    except Invalid as fault:
        return await factors_page(request, fault.fields, name)
    return await added(request, codes)


async def remove(request: Request) -> Response:
    """Take one of the member's keys away."""
    await remove_passkey(viewer_of(request), id_of(request), site_address(request))
    return RedirectResponse(f"{SET_UP}?done=removed", 303)


async def ask_as_second_step(request: Request) -> Response:
    """What a key of whoever gave the right password is to sign."""
    pending, party = await waiting(request), _party(request)
    if pending is None:
        raise NotFound
    challenge = await new_challenge(_pending(pending))
    return _options(options_to_enter(party, challenge, await keys_of(pending.user_id)))


def _pending(pending: Pending) -> str:
    return f"pending {pending.id}"


async def enter_as_second_step(request: Request) -> Response:
    """Sign in with a key, after the password."""
    form, pending, party = await form_of(request), await waiting(request), _party(request)
    if pending is None:
        return RedirectResponse(AGAIN, 303)
    await count_try(request, pending.user_id, guessable=False)
    try:
        entered = await enter_with_passkey(
            party, _pending(pending), form.get("credential", ""), browser_of(request), pending
        )
    except Suspended:
        raise
    except Invalid as fault:
        return second_step_page(request, pending, fault.fields)
    except SignInSpent:
        return RedirectResponse(AGAIN, 303)
    return await _welcome(request, entered, pending.wish)


async def _welcome(request: Request, entered: Entered, wish: Wish) -> Response:
    wish = replace(wish, return_to=KEPT) if entered.kept else wish
    return await welcome(request, entered.user_id, entered.token, wish, stepped=True)


async def ask_alone(request: Request) -> Response:
    """What a key that knows an account here is to sign, in the place of name and password."""
    site, party, token = site_of(request), _party(request), token_urlsafe(32)
    await site.limits.spend("sign_in_address", client_network(request, site.config))
    response = _options(options_to_enter(party, await new_challenge(_browser(token)), None))
    _set_cookie(request, response, token, CHALLENGE_LIFETIME)
    return response


async def enter_alone(request: Request) -> Response:
    """Sign in with a key alone."""
    form, party = await form_of(request), _party(request)
    token = cookie_of(request.headers, passkey_cookie(site_of(request).config)) or ""
    wish = wish_of(form)
    try:
        entered = await enter_with_passkey(
            party, _browser(token), form.get("credential", ""), browser_of(request)
        )
    except Invalid as fault:
        return await sign_in_page(
            request, SignInForm(form.get("login", "")), wish.return_to, kept_fields(form),
            draft_key=wish.draft_key, passkey_fault=fault.fields.get("passkey", ""),
            suspended=fault if isinstance(fault, Suspended) else None, status=422,
        )  # fmt: skip
    response = await _welcome(request, entered, wish)
    _set_cookie(request, response, "", timedelta(0))
    return response


def _browser(token: str) -> str:
    return f"browser {sha256(token.encode()).hexdigest()}"


def _set_cookie(request: Request, response: Response, value: str, lifetime: timedelta) -> None:
    config = site_of(request).config
    response.set_cookie(
        passkey_cookie(config), value, max_age=int(lifetime.total_seconds()), path="/",
        secure=config.secure, httponly=True, samesite="lax",
    )  # fmt: skip


routes = [
    Route(f"{PASSKEYS}/challenge", recently_shown(ask_to_add), methods=["POST"]),
    Route(PASSKEYS, recently_shown(add), methods=["POST"]),
    Route(f"{PASSKEYS}/{{id:int}}/deletion", recently_shown(remove), methods=["POST"]),
    Route(f"{SECOND_STEP}/challenge", ask_as_second_step, methods=["POST"]),
    Route(f"{SECOND_STEP}/passkey", enter_as_second_step, methods=["POST"]),
    Route(f"{ALONE}/challenge", ask_alone, methods=["POST"]),
    Route(ALONE, enter_alone, methods=["POST"]),
]

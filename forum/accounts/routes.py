"""Signing in and out, a member's page, the language."""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.actions import SignedIn, Unconfirmed, sign_in
from forum.accounts.cookies import device_of, set_device, set_session
from forum.accounts.models import User
from forum.accounts.pages import PersonPage, SignInForm, SignInPage
from forum.accounts.queries import is_called, person_named, viewer_of_session
from forum.accounts.sessions import close_session, hash_token
from forum.config import LOCALES
from forum.demo.accounts import demo_accounts
from forum.drafts.actions import keep_draft
from forum.errors import Forbidden, Invalid
from forum.groups.queries import groups_of_person
from forum.i18n import gettext as _
from forum.links import sign
from forum.live_positions import channels_of
from forum.profiles.queries import profile_shown_to, tallies_of
from forum.security import client_address, client_network
from forum.topics.lists import answers_of, topics_of
from forum.web import JsonResponse, form_of, inside, page, signed_out, site_of, viewer_of, wants_json

KEPT = ("raw", "title", "category_id", "kind", "tags", "reply_to", "reason", "version")
DRAFT_KEY = re.compile(r"new_topic|(topic|post)_[0-9]{1,10}")


async def new(request: Request) -> Response:
    """The sign-in page."""
    return await sign_in_page(request, SignInForm(), inside(request.query_params.get("return_to")), {})


async def create(request: Request) -> Response:
    """Sign in. A text typed before the session ended becomes a draft, shown where one goes back to."""
    form = await form_of(request)
    return_to, kept = inside(form.get("return_to")), kept_fields(form)
    try:
        signed = await _sign_in(request, form)
    except Invalid as fault:
        typed = SignInForm(form.get("login", ""), fault.fields)
        again = _again(request, fault) if isinstance(fault, Unconfirmed) else ""
        return await sign_in_page(
            request, typed, return_to, kept, draft_key=form.get("draft_key", ""), again=again, status=422
        )
    if kept and DRAFT_KEY.fullmatch(form.get("draft_key", "")):
        await _keep_for(signed.token, form["draft_key"], kept)
    response = RedirectResponse(return_to, 303)
    set_session(request, response, signed.token)
    set_device(request, response, signed.user_id)
    return response


async def _sign_in(request: Request, form: Mapping[str, str]) -> SignedIn:
    """Guesses are counted by address and by account; a browser that the account knows has its own count."""
    site, login, device = site_of(request), form.get("login", ""), device_of(request)
    await site.limits.spend("sign_in_address", client_network(request, site.config))
    if device is not None and await is_called(device.user_id, login):
        await site.limits.spend("sign_in_device", device.name)
    else:
        await site.limits.spend("sign_in_account", login.strip().lower()[:254])
    agent = request.headers.get("user-agent", "")
    return await sign_in(login, form.get("password", ""), client_address(request, site.config), agent)


def _again(request: Request, fault: Unconfirmed) -> str:
    return sign(site_of(request).config, "signup again", [fault.signup_id])


async def _keep_for(token: str, key: str, kept: Mapping[str, str]) -> None:
    member = await viewer_of_session(hash_token(token), LOCALES[0])
    if member is not None:
        await keep_draft(member.member_id, key, kept)


def kept_fields(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed in a composer, to be carried through the sign-in page."""
    return {name: form[name] for name in KEPT if form.get(name)}


async def sign_in_page(
    request: Request,
    form: SignInForm,
    return_to: str,
    kept: dict[str, str],
    *,
    draft_key: str = "",
    expired: bool = False,
    again: str = "",
    status: int = 200,
) -> Response:
    """The sign-in form; with `kept`, it says that the text is safe."""
    fields = {**kept, "draft_key": draft_key} if kept else {}
    subject = SignInPage(
        form, return_to, fields, expired, await demo_accounts(), again, flash=_flash(request)
    )
    return page(request, "accounts/sign_in.html", subject, status)


def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    if "new-password" in request.query_params:
        return _("Your password is changed. Sign in with it.")
    return None


async def expired(request: Request, return_to: str, draft_key: str) -> Response:
    """The answer to someone who posts without a session any more: sign in, the text is kept."""
    if wants_json(request):
        sentence = _("You are no longer signed in.")
        answer = {"sign_in": f"/session/new?return_to={return_to}", "errors": [sentence]}
        return JsonResponse(answer | {"error_type": Forbidden.error_type}, 403)
    form = await form_of(request)
    return await sign_in_page(
        request, SignInForm(), return_to, kept_fields(form), draft_key=draft_key, expired=True, status=403
    )


async def destroy(request: Request) -> Response:
    """Sign out: the session ends, the browser forgets what it kept."""
    viewer = viewer_of(request)
    if viewer.session_id is not None:
        await close_session(viewer.session_id)
    return signed_out(request)


async def show(request: Request) -> Response:
    """A member's page: who they are, their topics and answers, as far as the viewer may see them."""
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    person = await person_named(request.path_params["username"])
    groups = await groups_of_person(viewer, person.id) if viewer.signed_in else []
    subject = PersonPage(
        person=person,
        profile=await profile_shown_to(viewer, person.id),
        tallies=await tallies_of(viewer, person.id),
        topics=await topics_of(viewer, person.id),
        answers=await answers_of(viewer, person.id),
        accepted=await answers_of(viewer, person.id, accepted=True),
        groups=groups,
        animates=viewer.themes.named_for(person.id, frozenset(group.id for group in groups), viewer.rights),
        channels=channels,
    )
    return page(request, "accounts/show.html", subject)


async def set_locale(request: Request) -> Response:
    """Choose the language: in the account when signed in, in a cookie else."""
    form = await form_of(request)
    locale = form.get("locale", "")
    if locale not in LOCALES:
        raise Invalid
    if viewer_of(request).signed_in:
        await User.filter(id=viewer_of(request).member_id).update(locale=locale)
    response = RedirectResponse(inside(form.get("return_to")), 303)
    response.set_cookie("locale", locale, max_age=31536000, path="/", samesite="lax", httponly=True)
    return response


routes = [
    Route("/session/new", new, methods=["GET"]),
    Route("/session", create, methods=["POST"]),
    Route("/session/deletion", destroy, methods=["POST"]),
    Route("/u/{username}", show, methods=["GET"]),
    Route("/locale", set_locale, methods=["POST"]),
]

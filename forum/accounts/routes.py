"""Signing in and out, a member's page, the language."""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.actions import Unconfirmed, member_with_password
from forum.accounts.cookies import LOCALE_COOKIE, LOCALE_LIFETIME, device_of
from forum.accounts.models import User
from forum.accounts.pages import PersonPage, SignInForm, SignInPage
from forum.accounts.queries import is_called, person_named
from forum.accounts.sessions import close_session
from forum.config import LOCALES
from forum.demo.accounts import demo_accounts
from forum.error_pages import error_response
from forum.errors import Forbidden, Invalid
from forum.factors.entry import let_in
from forum.factors.queries import Wish
from forum.groups.queries import groups_of_person
from forum.i18n import gettext as _
from forum.kinds.registry import typed_names
from forum.links import sign
from forum.live_positions import channels_of
from forum.passkeys.ceremonies import party_at
from forum.profiles.queries import profile_shown_to, tallies_of
from forum.security import client_network
from forum.single_sign_on.leaving import go_on_to_sign_out, sign_out_address
from forum.suspensions.pages import SuspensionNote
from forum.suspensions.queries import APPEAL, APPEAL_PATH
from forum.suspensions.refusal import Suspended
from forum.topics.lists import answers_of, topics_of
from forum.web import (
    JsonResponse,
    form_of,
    inside,
    page,
    signed_out,
    site_address,
    site_of,
    viewer_of,
    wants_json,
)

KEPT = ("raw", "title", "category_id", "kind", "tags", "reply_to", "reason", "version")
DRAFT_KEY = re.compile(r"new_topic|(topic|post|details)_[0-9]{1,10}")


async def new(request: Request) -> Response:
    """The sign-in page."""
    return await sign_in_page(request, SignInForm(), inside(request.query_params.get("return_to")), {})


async def create(request: Request) -> Response:
    """Sign in. A text typed before the session ended becomes a draft, shown where one goes back to."""
    form = await form_of(request)
    return_to, kept = inside(form.get("return_to")), kept_fields(form)
    try:
        user_id = await _recognise(request, form)
    except Invalid as fault:
        suspended = fault if isinstance(fault, Suspended) else None
        typed = SignInForm(form.get("login", ""), {} if suspended else fault.fields)
        again = _again(request, fault) if isinstance(fault, Unconfirmed) else ""
        return await sign_in_page(
            request, typed, return_to, kept, draft_key=form.get("draft_key", ""), again=again,
            suspended=suspended, status=422,
        )  # fmt: skip
    return await let_in(request, user_id, wish_of(form))


def wish_of(form: Mapping[str, str]) -> Wish:
    """Where somebody who signs in wants to go, and what they had typed there."""
    draft_key = form.get("draft_key", "")
    key = draft_key if DRAFT_KEY.fullmatch(draft_key) else ""
    return Wish(inside(form.get("return_to")), key, kept_fields(form))


async def _recognise(request: Request, form: Mapping[str, str]) -> int:
    """Guesses are counted by address and by account; a browser that the account knows has its own count."""
    site, login, device = site_of(request), form.get("login", ""), device_of(request)
    await site.limits.spend("sign_in_address", client_network(request, site.config))
    if device is not None and await is_called(device.user_id, login):
        await site.limits.spend("sign_in_device", device.name)
    else:
        await site.limits.spend("sign_in_account", login.strip().lower()[:254])
    return await member_with_password(login, form.get("password", ""))


def _again(request: Request, fault: Unconfirmed) -> str:
    return sign(site_of(request).config, "signup again", [fault.signup_id])


def kept_fields(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed in a composer, a kind's fields included, to be carried through the sign-in page."""
    return {name: form[name] for name in (*KEPT, *sorted(typed_names())) if form.get(name)}


async def sign_in_page(
    request: Request,
    form: SignInForm,
    return_to: str,
    kept: dict[str, str],
    *,
    draft_key: str = "",
    expired: bool = False,
    again: str = "",
    passkey_fault: str = "",
    suspended: Suspended | None = None,
    status: int = 200,
) -> Response:
    """The sign-in form; with `kept`, it says that the text is safe, with `suspended` until when and why."""
    fields = {**kept, "draft_key": draft_key} if kept else {}
    subject = SignInPage(
        form, return_to, fields, expired, await demo_accounts(), again,
        passkeys=party_at(site_address(request)) is not None, passkey_fault=passkey_fault,
        provider_name=_provider_name(request),
        suspension=_note_of(request, suspended) if suspended else None, flash=_flash(request),
    )  # fmt: skip
    return page(request, "accounts/sign_in.html", subject, status)


def _note_of(request: Request, fault: Suspended) -> SuspensionNote:
    """What the suspended read, with the way to appeal, which is theirs alone."""
    known, appeal = fault.suspension, ""
    if known is not None:
        appeal = f"{APPEAL_PATH}/{sign(site_of(request).config, APPEAL, known.link)}"
    may_appeal = known is not None and known.may_appeal
    return SuspensionNote(fault.until, fault.reason, fault.contact, appeal, may_appeal)


async def told_suspended(request: Request, error: Exception) -> Response:
    """The answer to whoever has shown at any door who they are, and is kept out: the same at each."""
    assert isinstance(error, Suspended), "the only error that this is called for"
    if wants_json(request):
        return await error_response(request, error)
    return await sign_in_page(request, SignInForm(), "/", {}, suspended=error, status=403)


def _provider_name(request: Request) -> str:
    provider = site_of(request).provider
    return provider.name if provider else ""


def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    if "new-password" in request.query_params:
        return _("Your password is changed. Sign in with it.")
    if "again" in request.query_params:
        return _("Too much time has passed: give your password again.")
    return None


async def expired(request: Request, return_to: str, draft_key: str) -> Response:
    """The answer to someone who posts without a session any more: sign in, the text is kept.

    Args:
        draft_key: of the place that the text was written for; "" where none is kept.
    """
    if wants_json(request):
        sentence = _("You are no longer signed in.")
        answer = {"sign_in": f"/session/new?return_to={return_to}", "errors": [sentence]}
        return JsonResponse(answer | {"error_type": Forbidden.error_type}, 403)
    kept = kept_fields(await form_of(request)) if draft_key else {}
    return await sign_in_page(
        request, SignInForm(), return_to, kept, draft_key=draft_key, expired=True, status=403
    )


async def destroy(request: Request) -> Response:
    """Sign out: the session ends, the browser forgets what it kept."""
    viewer, further = viewer_of(request), await sign_out_address(request)
    if viewer.session_id is not None:
        await close_session(viewer.session_id)
    return await go_on_to_sign_out(request, further) if further else signed_out(request)


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
    lifetime = int(LOCALE_LIFETIME.total_seconds())
    response.set_cookie(LOCALE_COOKIE, locale, max_age=lifetime, path="/", samesite="lax", httponly=True)
    return response


routes = [
    Route("/session/new", new, methods=["GET"]),
    Route("/session", create, methods=["POST"]),
    Route("/session/deletion", destroy, methods=["POST"]),
    Route("/u/{username}", show, methods=["GET"]),
    Route("/locale", set_locale, methods=["POST"]),
]

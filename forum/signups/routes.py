"""Signing up: the form, the mail, the confirmation."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.passwords import MIN_LENGTH
from forum.errors import Invalid
from forum.factors.entry import let_in
from forum.links import LinkSpent, opened, sign
from forum.mail.limits import may_write_to
from forum.security import client_network
from forum.settings.known import SIGN_UP, SIGN_UPS_AN_HOUR
from forum.settings.queries import setting
from forum.signup_requests.queries import motive_of, request_of_signup
from forum.signups.actions import Asked, ask_for_account, confirm_account, write_again
from forum.signups.pages import (
    AskedPage,
    ConfirmForm,
    ConfirmPage,
    SentPage,
    SignupForm,
    SignupPage,
    SpentPage,
)
from forum.signups.queries import LIFETIME, Waiting, signup_numbered, signup_of_link
from forum.web import form_of, page, site_address, site_of, viewer_of

AGAIN = "signup again"


async def new(request: Request) -> Response:
    """The sign-up form."""
    if viewer_of(request).signed_in:
        return RedirectResponse("/", 303)
    return await _form(request, SignupForm())


async def _form(request: Request, form: SignupForm, status: int = 200) -> Response:
    rule = await setting(SIGN_UP)
    subject = SignupPage(
        form,
        closed=rule in ("closed", "invitation"),
        by_invitation=rule == "invitation",
        by_approval=rule == "approval",
        min_length=MIN_LENGTH,
    )
    return page(request, "signups/new.html", subject, status)


async def create(request: Request) -> Response:
    """Sign up: whatever the address, the answer is to look into its mail."""
    form, site = await form_of(request), site_of(request)
    asked = Asked(
        form.get("username", "").strip(),
        form.get("name", ""),
        form.get("email", ""),
        form.get("password", ""),
        form.get("charter", ""),
        form.get("motive", ""),
    )
    most = await setting(SIGN_UPS_AN_HOUR)
    await site.limits.spend("sign_up", client_network(request, site.config), most)
    try:
        id = await ask_for_account(asked, site_address(request), partial(may_write_to, request))
    except Invalid as fault:
        charter = bool(asked.charter) and "charter" not in fault.fields
        typed = SignupForm(asked.username, asked.name, asked.email, charter, fault.fields, asked.motive)
        return await _form(request, typed, 422)
    return RedirectResponse(f"/signup/sent?again={sign(site.config, AGAIN, [id])}", 303)


async def sent(request: Request) -> Response:
    """Look into your mail."""
    return page(request, "signups/sent.html", SentPage(request.query_params.get("again", "")))


async def send_again(request: Request) -> Response:
    """Ask for the mail once more."""
    form, site = await form_of(request), site_of(request)
    payload = opened(site.config, AGAIN, form.get("again", ""), LIFETIME)
    waiting = await signup_numbered(int(payload[0])) if payload else None
    if waiting is None:
        return spent(request)
    await site.limits.spend("mail_address", client_network(request, site.config))
    if await may_write_to(request, waiting.email):
        await write_again(waiting, site_address(request))
    return RedirectResponse(f"/signup/sent?again={sign(site.config, AGAIN, [waiting.id])}", 303)


async def confirm(request: Request) -> Response:
    """What a mailed link opens: it shows what would be confirmed, and changes nothing."""
    try:
        waiting = await signup_of_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    if asked := await request_of_signup(waiting.id):
        return page(request, "signups/asked.html", AskedPage(asked.email, asked.open))
    return await _confirm_page(request, waiting, ConfirmForm())


async def _confirm_page(
    request: Request, waiting: Waiting, typed: ConfirmForm, errors: dict[str, str] | None = None
) -> Response:
    by_approval = await setting(SIGN_UP) == "approval"
    subject = ConfirmPage(
        typed.username or waiting.username,
        waiting.name,
        waiting.email,
        by_approval,
        asks_motive=by_approval and not await motive_of(waiting.id),
        motive=typed.motive,
        errors=errors or {},
    )
    return page(request, "signups/confirm.html", subject, 422 if errors else 200)


async def activate(request: Request) -> Response:
    """Confirm: one is a member, signed in; or asks to be let in, where staff decide."""
    form, config, token = await form_of(request), site_of(request).config, request.path_params["token"]
    typed = ConfirmForm(form.get("username", "").strip(), form.get("motive", ""))
    try:
        user_id = await confirm_account(config, token, typed.username, typed.motive)
    except LinkSpent:
        return spent(request)
    except Invalid as fault:
        return await _confirm_page(request, await signup_of_link(config, token), typed, fault.fields)
    if user_id is None:
        return RedirectResponse(request.url.path, 303)
    return await let_in(request, user_id)


def spent(request: Request) -> Response:
    """The answer to every mailed link that opens nothing any more, the same for all."""
    return page(request, "signups/spent.html", SpentPage(), 404)


routes = [
    Route("/signup", new, methods=["GET"]),
    Route("/signup", create, methods=["POST"]),
    Route("/signup/sent", sent, methods=["GET"]),
    Route("/u/action/send_activation_email", send_again, methods=["POST"]),
    Route("/u/activate-account/{token}", confirm, methods=["GET"]),
    Route("/u/activate-account/{token}", activate, methods=["POST"]),
]

"""Forgotten passwords, and changes of password and address."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.addresses import email_address
from forum.accounts.cookies import set_device
from forum.accounts.fields import email_fault
from forum.accounts.passwords import MIN_LENGTH
from forum.credentials.actions import (
    ask_for_new_address,
    ask_for_reset,
    change_password,
    confirm_new_address,
    reset_password,
)
from forum.credentials.pages import AccountPage, ForgottenPage, NewAddressPage, ResetPage
from forum.credentials.queries import account_numbered, account_of_reset, new_address_of_link
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.mail.limits import may_write_to
from forum.security import client_network
from forum.signups.routes import spent
from forum.single_sign_on.leaving import provider_part
from forum.web import form_of, page, site_address, site_of, viewer_of


async def forgotten(request: Request) -> Response:
    """Which address to write to."""
    return page(request, "credentials/forgotten.html", ForgottenPage(sent="sent" in request.query_params))


async def ask(request: Request) -> Response:
    """Ask for another password: whatever the address, the answer is to look into its mail."""
    form, site = await form_of(request), site_of(request)
    typed = form.get("email", "")
    if fault := email_fault(typed):
        return page(request, "credentials/forgotten.html", ForgottenPage(typed, errors={"email": fault}), 422)
    await site.limits.spend("mail_address", client_network(request, site.config))
    address = email_address(typed) or ""
    if await may_write_to(request, address):
        await ask_for_reset(address, site_address(request))
    return RedirectResponse("/password-reset?sent", 303)


async def reset_form(request: Request) -> Response:
    """What a mailed link opens: a form, and nothing is changed."""
    return await _reset_page(request, {})


async def _reset_page(request: Request, errors: dict[str, str], status: int = 200) -> Response:
    try:
        account = await account_of_reset(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "credentials/reset.html", ResetPage(account.username, MIN_LENGTH, errors), status)


async def reset(request: Request) -> Response:
    """Set the password; one signs in with it, with this browser at once, whoever guesses meanwhile."""
    form, config = await form_of(request), site_of(request).config
    try:
        account = await reset_password(
            config, request.path_params["token"], form.get("password", ""), site_address(request)
        )
    except LinkSpent:
        return spent(request)
    except Invalid as fault:
        return await _reset_page(request, fault.fields, 422)
    response = RedirectResponse("/session/new?new-password", 303)
    set_device(request, response, account.id)
    return response


async def show(request: Request) -> Response:
    """A member's own password and address."""
    if not viewer_of(request).signed_in:
        return RedirectResponse("/session/new?return_to=/preferences/account", 303)
    return await _account_page(request)


async def _account_page(
    request: Request,
    *,
    typed: str = "",
    password_errors: dict[str, str] | None = None,
    email_errors: dict[str, str] | None = None,
) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    account = await account_numbered(viewer.member_id)
    subject = AccountPage(
        account.email or "", typed, MIN_LENGTH, password_errors or {}, email_errors or {},
        await provider_part(request), channels, flash=_done(request),
    )  # fmt: skip
    return page(request, "credentials/account.html", subject, 422 if password_errors or email_errors else 200)


def _done(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    if "new-password" in request.query_params:
        return _("Your password is changed. Your other browsers are signed out.")
    if "linked" in request.query_params:
        return _("Your identity is linked: you can sign in with it.")
    if "unlinked" in request.query_params:
        return _("Your identity is no longer linked to this account.")
    if "look-into-mail" in request.query_params:
        return _("Look into the mail of your new address: the link in it confirms it.")
    return None


async def set_password(request: Request) -> Response:
    """Change one's password."""
    form, viewer = await form_of(request), viewer_of(request)
    require(viewer.signed_in)
    await site_of(request).limits.spend("password_check", viewer.member_id)
    try:
        await change_password(
            viewer, form.get("present", ""), form.get("password", ""), site_address(request)
        )
    except Invalid as fault:
        return await _account_page(request, password_errors=fault.fields)
    response = RedirectResponse("/preferences/account?new-password", 303)
    set_device(request, response, viewer.member_id)
    return response


async def set_address(request: Request) -> Response:
    """Ask for another address."""
    form, viewer, site = await form_of(request), viewer_of(request), site_of(request)
    require(viewer.signed_in)
    await site.limits.spend("password_check", viewer.member_id)
    typed = form.get("email", "")
    try:
        may_write = partial(may_write_to, request)
        await ask_for_new_address(viewer, form.get("present", ""), typed, site_address(request), may_write)
    except Invalid as fault:
        return await _account_page(request, typed=typed, email_errors=fault.fields)
    return RedirectResponse("/preferences/account?look-into-mail", 303)


async def new_address(request: Request) -> Response:
    """What the link mailed to a new address opens: a button, and nothing is changed."""
    return await _new_address_page(request, {})


async def _new_address_page(request: Request, errors: dict[str, str], status: int = 200) -> Response:
    try:
        new = await new_address_of_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    subject = NewAddressPage(new.account.username, new.email, errors)
    return page(request, "credentials/new_address.html", subject, status)


async def confirm(request: Request) -> Response:
    """The new address takes the place of the old one."""
    try:
        await confirm_new_address(
            site_of(request).config, request.path_params["token"], site_address(request)
        )
    except LinkSpent:
        return spent(request)
    except Invalid as fault:
        return await _new_address_page(request, fault.fields, 422)
    return RedirectResponse("/preferences/account", 303)


routes = [
    Route("/password-reset", forgotten, methods=["GET"]),
    Route("/password-reset", ask, methods=["POST"]),
    Route("/u/password-reset/{token}", reset_form, methods=["GET"]),
    Route("/u/password-reset/{token}", reset, methods=["POST"]),
    Route("/preferences/account", show, methods=["GET"]),
    Route("/preferences/account/password", set_password, methods=["POST"]),
    Route("/preferences/account/email", set_address, methods=["POST"]),
    Route("/u/confirm-new-email/{token}", new_address, methods=["GET"]),
    Route("/u/confirm-new-email/{token}", confirm, methods=["POST"]),
]

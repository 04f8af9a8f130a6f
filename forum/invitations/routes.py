"""Invitations: one's own, and the page that a link of one opens."""

from functools import partial

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.passwords import MIN_LENGTH
from forum.errors import Conflict, Invalid
from forum.factors.entry import let_in
from forum.i18n import gettext as _
from forum.invitations.actions import Joining, accept_invitation, invite, revoke_invitation
from forum.invitations.permissions import may_invite
from forum.invitations.queries import (
    GroupChoice,
    InvitationLine,
    OpenInvitation,
    groups_to_invite_to,
    invitation_of_link,
    invitations_of,
)
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.mail.limits import may_write_to
from forum.preferences.pages import preference_links
from forum.preferences.routes import browser_member, sign_in_first
from forum.security import client_network
from forum.settings.known import INVITATIONS
from forum.settings.queries import setting
from forum.signups.pages import SignupForm
from forum.signups.routes import spent
from forum.web import (
    LiveChannel,
    PageLink,
    chosen_in,
    done,
    form_of,
    id_of,
    page,
    site_address,
    site_of,
    viewer_of,
)

PATH = "/invites"


class InviteForm(Struct, frozen=True):
    """What was typed, and what is wrong with it."""

    email: str = ""
    group_id: str = ""
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class InvitationsPage(Struct, frozen=True):
    """One's own invitations, and the form to make one if one may."""

    lines: list[InvitationLine]
    may_invite: bool
    groups: list[GroupChoice]
    form: InviteForm
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class JoinPage(Struct, frozen=True):
    """Who invites to what, and the form to accept."""

    invitation: OpenInvitation
    form: SignupForm
    min_length: int = MIN_LENGTH
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


async def index(request: Request) -> Response:
    """One's own invitations."""
    if not viewer_of(request).signed_in:
        return sign_in_first(request)
    return await _page(request, InviteForm())


async def _page(request: Request, form: InviteForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    told = {
        "sent": _("Invited: the mail is on its way."),
        "revoked": _("Taken back: its link opens nothing."),
    }
    subject = InvitationsPage(
        lines=await invitations_of(viewer.member_id),
        may_invite=may_invite(viewer, await setting(INVITATIONS)),
        groups=await groups_to_invite_to(viewer),
        form=form,
        channels=channels,
        flash=told.get(request.query_params.get("done", "")),
    )
    return page(request, "invitations/index.html", subject, status)


async def create(request: Request) -> Response:
    """Invite somebody: whatever the address, the answer is the same."""
    viewer, form, site = browser_member(request), await form_of(request), site_of(request)
    await site.limits.spend("invite", viewer.member_id)
    typed = InviteForm(form.get("email", ""), form.get("group_id", ""), form.get("message", ""))
    try:
        group_id = chosen_in(form, "group_id") if typed.group_id else None
        may_write = partial(may_write_to, request)
        await invite(viewer, typed.email, group_id, typed.message, site_address(request), may_write)
    except Invalid as fault:
        shown = InviteForm(typed.email, typed.group_id, typed.message, fault.fields)
        return await _page(request, shown, fault.status)
    return done(request, f"{PATH}?done=sent")


async def revoke(request: Request) -> Response:
    """Take an invitation back."""
    try:
        await revoke_invitation(browser_member(request), id_of(request))
    except Conflict as fault:
        return await _page(request, InviteForm(errors={"invitation": fault.message}), fault.status)
    return done(request, f"{PATH}?done=revoked")


async def open_link(request: Request) -> Response:
    """What the mailed link opens: a form, and nothing is changed."""
    try:
        found = await invitation_of_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "invitations/accept.html", JoinPage(found, SignupForm(email=found.email)))


async def accept(request: Request) -> Response:
    """Accept: one is a member, signed in."""
    form, site, token = await form_of(request), site_of(request), request.path_params["token"]
    await site.limits.spend("sign_up", client_network(request, site.config))
    typed = Joining(
        form.get("username", "").strip(),
        form.get("name", ""),
        form.get("password", ""),
        form.get("charter", ""),
    )
    try:
        user_id = await accept_invitation(site.config, token, typed)
    except LinkSpent:
        return spent(request)
    except Invalid as fault:
        return await _refused(request, typed, fault)
    return await let_in(request, user_id)


async def _refused(request: Request, typed: Joining, fault: Invalid) -> Response:
    try:
        found = await invitation_of_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    ticked = bool(typed.charter) and "charter" not in fault.fields
    shown = SignupForm(typed.username, typed.name, found.email, ticked, fault.fields)
    return page(request, "invitations/accept.html", JoinPage(found, shown), fault.status)


routes = [
    Route(PATH, index, methods=["GET"]),
    Route(PATH, create, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}/deletion", revoke, methods=["POST"]),
    Route(f"{PATH}/{{token}}", open_link, methods=["GET"]),
    Route(f"{PATH}/{{token}}", accept, methods=["POST"]),
]

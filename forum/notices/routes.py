"""Which mails one is sent: a page of preferences, and the link of each notice that ends them."""

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.notices.actions import opened_link, set_mail_level, unsubscribe
from forum.notices.levels import MailLevel
from forum.notices.queries import reader_of
from forum.preferences.pages import preference_links
from forum.preferences.routes import browser_member, sign_in_first
from forum.signups.routes import spent
from forum.web import LiveChannel, PageLink, done, form_of, page, site_of, viewer_of

PREFERENCE = "/preferences/mail"


class MailPage(Struct, frozen=True):
    """What was chosen, among what; the member's own address."""

    level: str
    choices: tuple[tuple[str, str], ...]
    email: str
    fault: str
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class UnsubscribePage(Struct, frozen=True):
    """The question, or that it is done. It names nobody."""

    done: bool
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


async def show(request: Request) -> Response:
    """Which mails one is sent."""
    if not viewer_of(request).signed_in:
        return sign_in_first(request)
    return await _page(request, "")


async def update(request: Request) -> Response:
    """Choose others."""
    form = await form_of(request)
    try:
        await set_mail_level(browser_member(request), form.get("mail_level", ""))
    except Invalid as fault:
        return await _page(request, fault.fields["mail_level"])
    return done(request, f"{PREFERENCE}?saved")


async def _page(request: Request, fault: str) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    reader = await reader_of(viewer.member_id)
    assert reader is not None, "whoever is signed in has an account"
    choices = (
        (MailLevel.ALWAYS.value, _("Always, when I have not read it within five minutes")),
        (MailLevel.AWAY.value, _("When I have been away for half an hour")),
        (MailLevel.NEVER.value, _("Never")),
    )
    flash = _("Saved: it holds from now on.") if "saved" in request.query_params else None
    subject = MailPage(reader.mail_level, choices, reader.email or "", fault, channels, flash)
    return page(request, "notices/preference.html", subject, 422 if fault else 200)


async def ask(request: Request) -> Response:
    """What the link of a notice opens: a button, and nothing is changed."""
    try:
        opened_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "notices/unsubscribe.html", UnsubscribePage(done=False))


async def end(request: Request) -> Response:
    """No more notices; also what a mail program sends by itself, without a cookie (RFC 8058)."""
    try:
        await unsubscribe(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "notices/unsubscribe.html", UnsubscribePage(done=True))


routes = [
    Route(PREFERENCE, show, methods=["GET"]),
    Route(PREFERENCE, update, methods=["POST"]),
    Route("/email/unsubscribe/{token}", ask, methods=["GET"]),
    Route("/email/unsubscribe/{token}", end, methods=["POST"]),
]

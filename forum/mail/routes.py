"""The outbox, for administrators: to everyone else there is none."""

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.administration.links import administration_links
from forum.administration.permissions import may_administer
from forum.errors import Conflict, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.mail.actions import abandon_mail, retry_mail, send_trial_to
from forum.mail.queries import MailLine, Outbox, Way, outbox, way_of
from forum.mail.words import kind_words, state_words
from forum.web import LiveChannel, PageLink, id_of, page, site_address, site_of, viewer_of

PATH = "/admin/mail"


class Line(Struct, frozen=True):
    """A mail that has not left, with its kind and state in words."""

    mail: MailLine
    kind: str
    state: str


class OutboxPage(Struct, frozen=True):
    """How the outbox stands; `fault` when what was asked for could not be done."""

    box: Outbox
    lines: list[Line]
    way: Way
    fault: str
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


async def show(request: Request) -> Response:
    """How the outbox stands."""
    _administrator(request)
    return await _page(request)


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


async def _page(request: Request, fault: str = "") -> Response:
    channels, box = await channels_of(viewer_of(request), []), await outbox()
    lines = [Line(mail, kind_words(mail.kind), state_words(mail.state)) for mail in box.lines]
    subject = OutboxPage(box, lines, way_of(site_of(request).config), fault, channels, _done(request))
    return page(request, "administration/mail.html", subject, Conflict.status if fault else 200)


def _done(request: Request) -> str | None:
    told = {
        "trial": _("A trial mail to you is in the outbox: reload this page to see what became of it."),
        "again": _("It is tried at once."),
        "gone": _("Given up: it will not be sent."),
    }
    return told.get(request.query_params.get("done", ""))


async def trial(request: Request) -> Response:
    """Write a trial mail to oneself."""
    try:
        await send_trial_to(_administrator(request), site_address(request))
    except Conflict as fault:
        return await _page(request, fault.message)
    return RedirectResponse(f"{PATH}?done=trial", 303)


async def retry(request: Request) -> Response:
    """Try a mail at once."""
    try:
        await retry_mail(_administrator(request), id_of(request))
    except Conflict as fault:
        return await _page(request, fault.message)
    return RedirectResponse(f"{PATH}?done=again", 303)


async def abandon(request: Request) -> Response:
    """Give a mail up."""
    try:
        await abandon_mail(_administrator(request), id_of(request))
    except Conflict as fault:
        return await _page(request, fault.message)
    return RedirectResponse(f"{PATH}?done=gone", 303)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(f"{PATH}/trial", trial, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}/retry", retry, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}/deletion", abandon, methods=["POST"]),
]

"""The charter: open to all; members accept it again when it has changed."""

from markupsafe import Markup
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.charter.actions import accept_charter
from forum.charter.queries import charter_html
from forum.errors import Conflict, Invalid
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.settings.known import CHARTER
from forum.settings.queries import setting
from forum.web import LiveChannel, done, form_of, inside, page, site_of, viewer_of


class CharterPage(Struct, frozen=True):
    """The charter, in the language `lang`."""

    body: Markup
    lang: str
    channels: tuple[LiveChannel, ...]
    fault: str = ""
    flash: str | None = None


async def show(request: Request) -> Response:
    """The charter."""
    return await _page(request)


async def accept(request: Request) -> Response:
    """Accept it as it has become."""
    form = await form_of(request)
    if not form.get("charter"):
        return await _page(request, _("Tick the box first: it says that you have read the charter."))
    try:
        await accept_charter(viewer_of(request), form["charter"])
    except Conflict as fault:
        return await _page(request, fault.message)
    return done(request, inside(form.get("return_to"), "/charter?accepted"))


async def _page(request: Request, fault: str = "") -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    lang = site_of(request).config.default_locale if await setting(CHARTER) else viewer.locale
    flash = _("Noted: you accept the charter.") if "accepted" in request.query_params else None
    subject = CharterPage(await charter_html(viewer.locale), lang, channels, fault, flash)
    return page(request, "charter/show.html", subject, Invalid.status if fault else 200)


routes = [
    Route("/charter", show, methods=["GET"]),
    Route("/charter/acceptance", accept, methods=["POST"]),
]

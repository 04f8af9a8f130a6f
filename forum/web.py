"""What routes share: forms read, pages rendered, answers for people and for scripts."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit
from zoneinfo import ZoneInfo

import orjson
from markupsafe import Markup
from msgspec import Struct
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from forum.accounts.viewer import Viewer
from forum.config import Config
from forum.errors import BadRequest, Invalid, NotFound
from forum.i18n import gettext as _
from forum.limits import Limits
from forum.templating import Templates
from forum.text import MAX_ID
from forum.zones import in_zone
from realtime.hub import Hub

if TYPE_CHECKING:
    from forum.single_sign_on.provider import Provider

MAX_BODY = 1_000_000
# Where a picture is sent: more than one may be, so that who sends too much is told so on the page.
UPLOAD_PATH, LOGO_PATH, MAX_UPLOAD = "/preferences/picture", "/admin/settings/logo", 24_000_000
# A file of a post: by a script or a program, and with the form in which it is written.
FILE_PATHS = re.compile(r"/uploads(?:\.json)?|/drafts/[a-z_0-9]{1,60}/uploads")
MAX_FIELDS = 100
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
WHOLE = re.compile(r"-?[0-9]{1,12}")
PRIVATE = "private, no-cache"
PAGE_HEADERS = {"Cache-Control": PRIVATE, "Vary": "Cookie, Accept-Language"}

# Cards come ready from the cache, as bytes: they go into the finished page, not through its template.
CARDS_HERE = Markup("<!-- cards -->")


class PageLink(Struct, frozen=True):
    """One of several pages that belong together, in the navigation between them."""

    path: str
    label: str


class LiveChannel(Struct, frozen=True):
    """A channel that the page listens to, from the position at which it was read."""

    name: str
    offset: int
    epoch: str
    server_side: bool = False


class JsonResponse(Response):
    """JSON in the media type that Discourse's clients compare with."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """The content as bytes."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class RunningSite(Struct, frozen=True):
    """What the application was started with."""

    config: Config
    templates: Templates
    limits: Limits
    hub: Hub
    provider: "Provider | None" = None


def takes_files(path: str) -> bool:
    """Whether more may be sent there than words need."""
    return path in (UPLOAD_PATH, LOGO_PATH) or FILE_PATHS.fullmatch(path) is not None


def site_of(request: Request) -> RunningSite:
    """The running site."""
    site: RunningSite = request.scope["site"]
    return site


def site_address(request: Request) -> str:
    """The site's own address, for links that leave it: as configured, else as this machine is called."""
    return site_of(request).config.base_url or f"http://{request.headers['host']}"


def viewer_of(request: Request) -> Viewer:
    """Who is looking; put there by the front door."""
    viewer: Viewer = request.scope["user"]
    return viewer


def cookie_of(headers: Headers, name: str) -> str | None:
    """A cookie's value, if it was sent and is not empty."""
    for part in headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name and value:
            return value
    return None


def form_key(form: Mapping[str, str]) -> str:
    """A composer's token as an idempotency key: a double click sends it twice, a new page has another."""
    token = form.get("token", "")
    return f"form:{sha256(token.encode()).hexdigest()}" if token else ""


def page(request: Request, template: str, subject: Any, status: int = 200) -> HTMLResponse:
    """A whole page; `subject` is what its template calls `page`."""
    return HTMLResponse(page_bytes(request, template, subject), status, headers=PAGE_HEADERS)


def page_bytes(request: Request, template: str, subject: Any) -> bytes:
    """A whole page as it is sent; the `cards` of its subject, if there are, stand at `CARDS_HERE`."""
    html, cards = render_page(request, template, subject).encode(), getattr(subject, "cards", None)
    whole = html if cards is None else html.replace(CARDS_HERE.encode(), cards, 1)
    viewer = viewer_of(request)
    return (
        whole
        if viewer.time_zone is None
        else in_zone(whole.decode(), viewer.locale, viewer.time_zone).encode()
    )


def zone_of(request: Request) -> ZoneInfo:
    """The zone in which this viewer reads times."""
    return viewer_of(request).time_zone or site_of(request).config.time_zone


def render_page(request: Request, template: str, subject: Any) -> str:
    """A whole page as text."""
    viewer = viewer_of(request)
    html: str = site_of(request).templates.render(
        template,
        request.scope["locale"],
        viewer=viewer,
        page=subject,
        path=request.scope["path"],
        request_id=request.scope["request_id"],
    )
    return html


def wants_json(request: Request) -> bool:
    """True for our own scripts and for programs; false for a browser that follows a form or a link."""
    program = request.scope.get("json") or "api-key" in request.headers
    if program or request.url.path.endswith(".json"):
        return True
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def done(request: Request, location: str, **facts: Any) -> Response:
    """After a change: see the page; a script gets the address as JSON."""
    if wants_json(request):
        return JsonResponse({"location": location, **facts})
    return RedirectResponse(location, 303)


def signed_out(request: Request, location: str = "/") -> Response:
    """After the session has ended: the browser forgets the cookie and what it kept."""
    response = done(request, location)
    forget_session(request, response)
    return response


def forget_session(request: Request, response: Response) -> None:
    """The browser is no longer signed in."""
    config = site_of(request).config
    response.headers["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(config.cookie_name, path="/", secure=config.secure, httponly=True, samesite="lax")


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form; files are not expected, too many fields are refused.

    Raises:
        BadRequest: not a form, or one that cannot be read.
    """
    form = await _read_form(request)
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


async def _read_form(request: Request) -> FormData:
    if _media_type(request) not in FORMS:
        raise BadRequest(_("This request is not a form."))
    return await read_form(request)


async def read_form(request: Request) -> FormData:
    """A form's fields, in UTF-8 as every page of ours sends them: else letters would be lost without a word.

    Raises:
        BadRequest: it cannot be read, or has too many fields.
    """
    if _media_type(request) != FORMS[0]:
        return await request.form(max_files=0, max_fields=MAX_FIELDS)
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        return FormData([(name, value) for name, value in pairs])
    except ValueError as error:
        raise BadRequest(_("This form cannot be read.")) from error


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def id_of(request: Request, name: str = "id") -> int:
    """A number of the address; one that no row can have is simply not found."""
    number = int(request.path_params[name])
    if not 0 < number <= MAX_ID:
        raise NotFound
    return number


def number_in(form: Mapping[str, str], name: str, default: int | None = None) -> int:
    """A whole number typed or chosen in a form.

    Raises:
        Invalid: something else.
    """
    text = (form.get(name) or "").strip()
    if not text and default is not None:
        return default
    if WHOLE.fullmatch(text) and abs(int(text)) <= MAX_ID:
        return int(text)
    raise Invalid(fields={name: _("A whole number is expected here.")})


def chosen_in(form: Mapping[str, str], name: str) -> int:
    """A number chosen of a list; 0 for none, and for what no list can hold."""
    text = form.get(name, "").strip()
    return int(text) if WHOLE.fullmatch(text) and 0 < int(text) <= MAX_ID else 0


def page_number(request: Request) -> int:
    """`?page=`: a page from 1 on.

    Raises:
        NotFound: not a page.
    """
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise NotFound
    return int(text)


def inside(address: str | None, default: str = "/") -> str:
    """An address to go back to, if it stays on this site (open redirects are refused)."""
    parts = urlsplit(address or "")
    strange = "\\" in (address or "") or any(ord(c) < 32 for c in address or "")
    if not address or parts.scheme or parts.netloc or strange or not address.startswith("/"):
        return default
    return default if address.startswith("//") else quote(address, safe="/?&=#%:,;+~.-_")

"""Errors as people and programs see them: a sentence, what is safe, a request id; never a traceback."""

import logging

from asyncpg.exceptions import (
    DiskFullError,
    InsufficientResourcesError,
    InterfaceError,
    LockNotAvailableError,
    OperatorInterventionError,
    PostgresConnectionError,
)
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from tortoise.exceptions import DBConnectionError, OperationalError

from forum.errors import (
    Broken,
    Conflict,
    Forbidden,
    ForumError,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
)
from forum.factors.held_back import SET_UP, STAFF_PAGES
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.kinds.registry import typed_names
from forum.web import MAX_BODY, JsonResponse, read_form, render_page, site_of, viewer_of, wants_json

RETRY_SECONDS = 5
LOST_CONNECTION = (
    PostgresConnectionError, InterfaceError, OperatorInterventionError, InsufficientResourcesError,
    ConnectionError,
)  # fmt: skip
# SQLite's words when the disk, or what a quota leaves of it, is full.
NO_SPACE = ("database or disk is full", "disk I/O error")
DATABASE_FAULTS = (OperationalError, DBConnectionError, LockNotAvailableError, *LOST_CONNECTION)
KEPT_FIELDS = ("title", "bio_raw", "raw", "words", "reason", "message", "outcome")
# By these names Discourse's clients tell its limits apart.
LIMIT_CODES = {"api_key": "admin_api_key_rate_limit", "api_user": "user_api_key_limiter_60_secs"}

KNOWN = {kind.status: kind for kind in (Forbidden, NotFound, Conflict, TooLarge, Invalid, Broken)}

logger = logging.getLogger("relais")


class ErrorPage(Struct, frozen=True):
    """What the error page says."""

    status: int
    title: str
    message: str
    kept_text: str | None
    sign_in_path: str | None = None
    channels: tuple[()] = ()
    flash: str | None = None


async def error_response(request: Request, error: Exception) -> Response:
    """The answer for an error, as a page or as Discourse's JSON."""
    fault = _as_forum_error(error)
    if wants_json(request):
        return _json(request, fault)
    known = "user" in request.scope
    if known and _is_led_elsewhere(request, fault):
        return RedirectResponse(SET_UP, 303)
    try:
        html = await (_page(request, fault) if known else _bare_page(request, fault))
    except Exception:
        logger.exception("the error page cannot be rendered")
        html = f"<!doctype html><title>{fault.status}</title><p>{fault.status}"
    return HTMLResponse(html, fault.status, headers=_headers(fault))


def _is_led_elsewhere(request: Request, fault: ForumError) -> bool:
    """Staff who owe a second factor, at a page that is theirs once they have it."""
    staff_page = request.method == "GET" and request.url.path.startswith(STAFF_PAGES)
    return staff_page and fault.status in (403, 404) and viewer_of(request).held_back


async def _page(request: Request, fault: ForumError) -> str:
    visitor = not viewer_of(request).signed_in
    sign_in = "/session/new" if visitor and fault.status in (403, 404) else None
    subject = ErrorPage(fault.status, *_words(fault), await kept_text(request), sign_in)
    return render_page(request, "errors/show.html", subject)


async def _bare_page(request: Request, fault: ForumError) -> str:
    """Refused before it was known who is looking: without the site around it."""
    html: str = site_of(request).templates.render(
        "errors/bare.html",
        request.scope["locale"],
        page=ErrorPage(fault.status, *_words(fault), await kept_text(request)),
        request_id=request.scope["request_id"],
    )
    return html


def _words(fault: ForumError) -> tuple[str, str]:
    """Title and sentence."""
    title, sentence = _sentences(fault.status)
    return title, fault.message or next(iter(fault.fields.values()), "") or sentence


def _as_forum_error(error: Exception) -> ForumError:
    if isinstance(error, ForumError):
        return error
    if isinstance(error, DATABASE_FAULTS):
        return _as_fault_of_the_database(error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    fault = KNOWN.get(status, ForumError)()
    fault.status = status
    return fault


def _as_fault_of_the_database(error: Exception) -> ForumError:
    """What passes by itself is 503; the rest, a statement of ours that it refuses, is noted and 500."""
    words = str(error)
    if isinstance(error, LockNotAvailableError) or "locked" in words:
        return Unavailable(_("The database is busy. Try again in a moment."))
    if isinstance(error, DiskFullError) or words.endswith(NO_SPACE):
        logger.error("the database has no space", extra={"error": repr(error)})
        return Unavailable(_("Nothing can be stored at the moment. What was published is safe."))
    if isinstance(error, (DBConnectionError, *LOST_CONNECTION)):
        return Unavailable(_("The database does not answer. Try again in a moment."))
    logger.error("the database refuses a statement", exc_info=error)
    return Broken()


def _json(request: Request, fault: ForumError) -> Response:
    sentence = fault.message or _sentences(fault.status)[1]
    body: dict[str, object] = {
        "errors": list(fault.fields.values()) or [sentence],
        "error_type": fault.error_type,
        "request_id": request.scope.get("request_id"),
    }
    if fault.fields:
        body["fields"] = fault.fields
    if isinstance(fault, TooMany):
        left = ngettext("%(n)d second", "%(n)d seconds", fault.wait) % {"n": fault.wait}
        body["extras"] = {"wait_seconds": fault.wait, "time_left": left}
    return JsonResponse(body, fault.status, headers=_headers(fault))


def _headers(fault: ForumError) -> dict[str, str]:
    headers = {"Cache-Control": "private, no-store" if fault.status >= 500 else "private, no-cache"}
    if isinstance(fault, TooMany):
        headers["Retry-After"] = str(fault.wait)
        headers["Discourse-Rate-Limit-Error-Code"] = LIMIT_CODES.get(fault.name, f"{fault.name}_limit")
    if fault.status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return headers


async def kept_text(request: Request) -> str | None:
    """What the person had typed, so that no error loses it. A body of unknown length is not read for that."""
    length = request.headers.get("content-length", "")
    if request.method != "POST" or not (length.isascii() and length.isdigit() and int(length) <= MAX_BODY):
        return None
    try:
        form = await read_form(request)
    except (HTTPException, ForumError, ClientDisconnect, UnicodeDecodeError, RuntimeError, AssertionError):
        return None
    names = (*KEPT_FIELDS, *sorted(typed_names()))
    typed = [value for name in names if isinstance(value := form.get(name), str) and value.strip()]
    return "\n\n".join(typed) or None


def _sentences(status: int) -> tuple[str, str]:
    """Title and sentence for a status, in the current language."""
    known = {
        400: (_("This request cannot be understood"), _("The address or the form is not right.")),
        403: (_("You may not do this"), _("This is reserved to others, or you are not signed in.")),
        404: (_("Nothing at this address"), _("The page was moved, deleted, or is not open to you.")),
        405: (_("Nothing at this address"), _("This address does not take this kind of request.")),
        409: (_("This has just changed"), _("Somebody else was faster. Nothing of yours is lost.")),
        413: (_("Too large"), _("What you sent is larger than this site accepts.")),
        422: (_("Something is to be corrected"), _("One of the fields does not do.")),
        429: (_("One moment"), _("Too many requests in a short time. Wait a little.")),
        503: (_("Back in a moment"), _("A service does not answer. What was published is safe.")),
    }
    broken = (_("Something broke on our side"), _("It was noted. What was published is safe."))
    return known.get(status, broken)


ERROR_HANDLERS = {
    HTTPException: error_response,
    ForumError: error_response,
    **dict.fromkeys(DATABASE_FAULTS, error_response),
    500: error_response,
}

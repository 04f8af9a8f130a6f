"""Pages with a tag of all that they show: one that has not changed is not sent again, nor rendered."""

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Any

import orjson
from msgspec.structs import astuple
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from forum.cache import FragmentCache
from forum.edition import edition
from forum.web import PAGE_HEADERS, page_bytes, site_of, viewer_of

# What visitors see is the same for all of them: kept whole.
PAGES: FragmentCache[bytes] = FragmentCache(64 * 1024 * 1024)
PAGING = {"page", "before"}


async def tagged_page(
    request: Request, template: str, shown: object, subject: Callable[[], Awaitable[Any]]
) -> Response:
    """The page; 304 if the browser has it as it is now; for visitors from memory.

    Args:
        shown: everything whose change changes the page within its frame (ids and versions will do), read
            before or with what `subject` reads: at worst a page is newer than its tag, never older.
        subject: what the template calls `page`; asked for only if the page must be rendered.
    """
    tag = _tag_of(request, template, shown)
    headers = {**PAGE_HEADERS, "ETag": tag}
    if has_it(request, tag):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(await _body(request, template, tag, subject), headers=headers)


def has_it(request: Request, tag: str) -> bool:
    """Whether the browser holds the page of this tag."""
    held = request.headers.get("if-none-match")
    return held is not None and (held == tag or tag in (one.strip() for one in held.split(",")))


def _tag_of(request: Request, template: str, shown: object) -> str:
    """Of the page and of its frame: who looks, with what rights and in which language, and at what."""
    viewer, rights, where = viewer_of(request), viewer_of(request).rights, request.scope
    place = (template, where["path"], where["query_string"].decode("latin-1"))
    zone = str(viewer.time_zone or "")
    who = (
        viewer.id,
        viewer.username,
        viewer.name,
        viewer.unread,
        viewer.staff,
        viewer.held_back,
        viewer.locale,
        zone,
        sorted(viewer.animates),
    )
    new = (viewer.charter_due, viewer.novice)
    may = (viewer.themes.version, sorted(rights.see), sorted(rights.reply), sorted(rights.create))
    told = (edition(site_of(request).templates.assets.hash), place, who, new, may, shown)
    digest = blake2b(orjson.dumps(told, astuple, orjson.OPT_NON_STR_KEYS), digest_size=15)
    return f'W/"{digest.hexdigest()}"'


async def _body(request: Request, template: str, tag: str, subject: Callable[[], Awaitable[Any]]) -> bytes:
    if viewer_of(request).signed_in or not request.query_params.keys() <= PAGING:
        return page_bytes(request, template, await subject())
    body = PAGES.get(tag)
    if body is None:
        body = page_bytes(request, template, await subject())
        PAGES.put(tag, body, len(body))
    return body

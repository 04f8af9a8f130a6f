"""A topic's page for visitors: the same for all of them, kept whole while nothing it shows has moved."""

from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from forum.cache import FragmentCache
from forum.channels import topic_channel
from forum.topics.show import show_page
from forum.web import PRIVATE, render_page, site_of, viewer_of
from realtime.sql import sql

PAGES: FragmentCache[bytes] = FragmentCache(64 * 1024 * 1024)


async def visitors_page(request: Request, topic_id: int, slug: str, number: int) -> Response | None:
    """The page, from memory when its stamp is the same; None where the ordinary way must answer.

    That is for members, for other addresses of the same topic, and for what the visitor may not see.
    """
    viewer = viewer_of(request)
    if viewer.signed_in or set(request.query_params) - {"page"}:
        return None
    stamp = await _stamp(topic_id)
    if stamp is None or stamp["slug"] != slug or stamp["gone"] or not viewer.may_see(stamp["category_id"]):
        return None
    key = (topic_id, number, viewer.locale, viewer.themes.version, *stamp.values())
    etag = f'W/"{sha256(repr((site_of(request).templates.assets.hash, key)).encode()).hexdigest()[:20]}"'
    headers = {"Cache-Control": PRIVATE, "Vary": "Cookie, Accept-Language", "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    body = PAGES.get(key) or await _render(request, topic_id, number, key)
    return HTMLResponse(body, headers=headers) if body else None


async def _stamp(topic_id: int) -> dict[str, Any] | None:
    """Everything whose change changes the page, in one statement."""
    rows = await sql(
        """SELECT t.slug, t.category_id, t.version, t.deleted_at IS NOT NULL AS gone, c.last_offset, l.epoch
            FROM topics t LEFT JOIN live_channels c ON c.name = {1} LEFT JOIN live_log l ON l.id = 1
            WHERE t.id = {0}""",
        topic_id,
        topic_channel(topic_id),
    )
    return rows[0] if rows else None


async def _render(request: Request, topic_id: int, number: int, key: tuple[object, ...]) -> bytes | None:
    """The page, kept under the stamp read before its rows: at worst it is newer than its stamp."""
    subject = await show_page(request, topic_id, number)
    if number != subject.pages.number:
        return None
    body = render_page(request, "topics/show.html", subject).encode()
    PAGES.put(key, body, len(body))
    return body

"""One's own data: asked for, and downloaded from a mailed link."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from forum.errors import Invalid
from forum.exports.actions import ask_for_archive, take_archive
from forum.exports.pages import DataPage, DownloadPage
from forum.exports.queries import archive_of, archive_of_link
from forum.i18n import format_megabytes
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.personal import HOLDINGS
from forum.preferences.routes import browser_member, sign_in_first
from forum.signups.routes import spent
from forum.web import form_of, page, site_address, site_of, viewer_of

DATA = "/preferences/data"
PIECE = 256 * 1024


async def show(request: Request) -> Response:
    """What an archive holds, and the form that asks for it."""
    return await _page(request, {}) if viewer_of(request).signed_in else sign_in_first(request)


async def _page(request: Request, errors: dict[str, str]) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    told = (
        _("Your archive is being made: you will be sent a mail.") if "asked" in request.query_params else None
    )
    files = [holding.what() for holding in HOLDINGS.values() if holding.exports]
    subject = DataPage(await archive_of(viewer), files, errors, channels, flash=told)
    return page(request, "exports/show.html", subject, 422 if errors else 200)


async def ask(request: Request) -> Response:
    """Ask for an archive; the password says that it is oneself."""
    viewer, form, limits = browser_member(request), await form_of(request), site_of(request).limits
    await limits.spend("password_check", viewer.member_id)
    try:
        await ask_for_archive(viewer, form.get("password", ""), site_address(request))
    except Invalid as fault:
        return await _page(request, fault.fields)
    return RedirectResponse(f"{DATA}?asked", 303)


async def link(request: Request) -> Response:
    """What the mailed link opens: a button, and nothing is spent."""
    viewer, config = viewer_of(request), site_of(request).config
    if not viewer.signed_in:
        return sign_in_first(request)
    channels = await channels_of(viewer, [])
    try:
        archive = await archive_of_link(config, viewer, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    size = format_megabytes(archive.bytes, viewer.locale)
    return page(request, "exports/download.html", DownloadPage(size, archive, channels))


async def download(request: Request) -> Response:
    """The archive, once."""
    try:
        file = await take_archive(
            site_of(request).config, browser_member(request), request.path_params["token"]
        )
    except LinkSpent:
        return spent(request)
    headers = {
        "Content-Length": str(os.fstat(file.fileno()).st_size),
        "Content-Disposition": 'attachment; filename="relais.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


routes = [
    Route(DATA, show, methods=["GET"]),
    Route(DATA, ask, methods=["POST"]),
    Route(f"{DATA}/{{token}}", link, methods=["GET"]),
    Route(f"{DATA}/{{token}}", download, methods=["POST"]),
]

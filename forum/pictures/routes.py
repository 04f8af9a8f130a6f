"""Members' pictures: put on the page of one's profile, served to everyone."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.assets import FOREVER
from forum.errors import BadRequest, Invalid, NotFound
from forum.i18n import gettext as _
from forum.pictures.actions import MAX_BYTES, change_picture, remove_picture
from forum.pictures.files import file_of, pictures_folder
from forum.preferences.routes import browser_member
from forum.profiles.routes import PROFILE, profile_page
from forum.web import MAX_FIELDS, MAX_UPLOAD, UPLOAD_PATH, done, site_of

# A picture that is opened by itself may do nothing, whatever a browser takes it for.
HEADERS = {
    "Cache-Control": FOREVER,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


async def update(request: Request) -> Response:
    """Put a picture; the page of the profile says what is wrong with it."""
    viewer, site = browser_member(request), site_of(request)
    await site.limits.spend("picture", viewer.member_id)
    body = await _file_of(request)
    try:
        await change_picture(viewer, pictures_folder(site.config.data), body)
    except Invalid as fault:
        return await profile_page(request, viewer, errors=fault.fields)
    return done(request, f"{PROFILE}?saved=picture")


async def _file_of(request: Request) -> bytes:
    """The file that was chosen, no further than tells that it is too heavy.

    Raises:
        BadRequest: the form does not carry one.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadRequest(_("This request is not a form."))
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        file = form.get("picture")
        return await file.read(MAX_BYTES + 1) if isinstance(file, UploadFile) else b""


async def remove(request: Request) -> Response:
    """Take the picture away."""
    await remove_picture(browser_member(request), pictures_folder(site_of(request).config.data))
    return done(request, f"{PROFILE}?saved=no-picture")


async def show(request: Request) -> Response:
    """A picture, good for ever: another one has another name. Nothing is asked of the viewer."""
    folder, places = pictures_folder(site_of(request).config.data), request.path_params
    try:
        body = await asyncio.to_thread(file_of(folder, places["name"], places["size"]).read_bytes)
    except (ValueError, FileNotFoundError) as error:
        raise NotFound from error
    return Response(body, media_type="image/webp", headers=HEADERS)


routes = [
    Route(UPLOAD_PATH, update, methods=["POST"], max_body_size=MAX_UPLOAD),
    Route(f"{UPLOAD_PATH}/deletion", remove, methods=["POST"]),
    Route("/uploads/pictures/{name}/{size:int}.webp", show, methods=["GET"]),
]

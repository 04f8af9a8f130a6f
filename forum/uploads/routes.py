"""Files: sent by a script, a program or a plain form; handed out to whoever may have them."""

from starlette.datastructures import UploadFile as SentFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import DRAFT_KEY, expired, kept_fields
from forum.drafts.actions import keep_draft
from forum.errors import BadRequest, Invalid, NotFound
from forum.i18n import format_megabytes
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.posts.permissions import may_edit_post
from forum.posts.queries import post_visible_to
from forum.storage import store_of
from forum.text import MAX_ID
from forum.topics.queries import topic_visible_to
from forum.uploads.actions import keep_upload
from forum.uploads.kinds import MEDIA_TYPES
from forum.uploads.names import (
    as_markdown,
    file_key,
    short_path,
    short_url,
    thumbnail_key,
    thumbnail_path,
)
from forum.uploads.pages import AttachPage
from forum.uploads.queries import UploadFile, upload_visible_to
from forum.uploads.serving import file_response
from forum.web import MAX_FIELDS, MAX_UPLOAD, JsonResponse, done, page, site_of, viewer_of

Sent = tuple[str, bytes, dict[str, str]]


async def create(request: Request) -> Response:
    """Keep a file (Discourse's `POST /uploads.json`)."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        raise NotFound
    await site_of(request).limits.spend("upload", viewer.member_id)
    filename, body, _fields = await _sent(request)
    kept = await keep_upload(viewer, store_of(site_of(request).config), filename, body)
    return JsonResponse(upload_shape(kept, viewer.locale))


def upload_shape(upload: UploadFile, locale: str) -> dict[str, object]:
    """A file as programs read it; `markdown` is what our composer puts into a text."""
    size = _("%(size)s MB") % {"size": format_megabytes(upload.filesize, locale)}
    name, extension = upload.name, upload.extension
    thumbnails = [thumbnail_path(name, width) for width in upload.thumbnails]
    return {
        "id": upload.id,
        "url": short_path(name, extension),
        "short_url": short_url(name, extension),
        "short_path": short_path(name, extension),
        "original_filename": upload.original_filename,
        "extension": extension,
        "filesize": upload.filesize,
        "human_filesize": size,
        "width": upload.width or None,
        "height": upload.height or None,
        "thumbnails": thumbnails,
        "markdown": as_markdown(name, extension, upload.original_filename, upload.width, upload.height, size),
    }


async def attach(request: Request) -> Response:
    """Without scripts: keep a file, put it at the end of the text being written, go on writing."""
    viewer, place = viewer_of(request), request.path_params["place"]
    back = await _page_of(request, place)
    filename, body, typed = await _sent(request)
    if not viewer.signed_in:
        return await expired(request, back, place)
    fields = kept_fields(typed)
    try:
        await site_of(request).limits.spend("upload", viewer.member_id)
        upload = await keep_upload(viewer, store_of(site_of(request).config), filename, body)
    except Invalid as fault:
        await keep_draft(viewer.member_id, place, fields)
        subject = AttachPage(
            place, back, fields, fault.fields["file"], channels=await channels_of(viewer, [])
        )
        return page(request, "uploads/new.html", subject, fault.status)
    words = str(upload_shape(upload, viewer.locale)["markdown"])
    raw = "\n\n".join(filter(None, [fields.get("raw", "").rstrip(), words])) + "\n"
    await keep_draft(viewer.member_id, place, {**fields, "raw": raw})
    return done(request, back)


async def _page_of(request: Request, place: str) -> str:
    """The page with the composer of a draft.

    Raises:
        NotFound: no such place, not for this viewer, or files have no place there.
    """
    viewer = viewer_of(request)
    if not DRAFT_KEY.fullmatch(place):
        raise NotFound
    if place == "new_topic":
        return "/new-topic"
    kind, _underline, digits = place.partition("_")
    number = int(digits)
    if kind == "details" or not 0 < number <= MAX_ID:
        raise NotFound
    if kind == "topic":
        topic = await topic_visible_to(viewer, number)
        return f"/t/{topic.slug}/{topic.id}/{topic.highest_post_number}#reply"
    post = await post_visible_to(viewer, number)
    if viewer.signed_in and not may_edit_post(viewer, post):
        raise NotFound
    return f"/posts/{post.id}/edit"


async def _sent(request: Request) -> Sent:
    """The name and the bytes of the file, no further than tells that it is too heavy; the words beside it.

    Raises:
        BadRequest: not a form that can carry a file.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadRequest(_("This request is not a form."))
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        words = {name: value for name, value in form.items() if isinstance(value, str)}
        for name in ("file", "files[]"):
            file = form.get(name)
            if isinstance(file, SentFile):
                return file.filename or "", await file.read(MAX_UPLOAD), words
        return "", b"", words


async def show(request: Request) -> Response:
    """A file, for whoever may read a post that shows it; forbidden ones answer as absent ones."""
    name, _dot, extension = request.path_params["file"].partition(".")
    upload = await upload_visible_to(viewer_of(request), name)
    if upload.extension != extension:
        raise NotFound
    store, media_type = store_of(site_of(request).config), MEDIA_TYPES[extension]
    key, filename = file_key(name, extension), upload.original_filename
    private = not upload.everyones
    return await file_response(request, store, key, upload.filesize, media_type, filename, private=private)


async def thumbnail(request: Request) -> Response:
    """A smaller copy of a picture, with the rights of the picture."""
    name, width = request.path_params["name"], request.path_params["width"]
    upload = await upload_visible_to(viewer_of(request), name)
    if width not in upload.thumbnails:
        raise NotFound
    store, key = store_of(site_of(request).config), thumbnail_key(name, width)
    try:
        body = await store.get(key, 0, MAX_UPLOAD)
    except FileNotFoundError as error:
        raise NotFound from error
    filename = f"{upload.original_filename.rpartition('.')[0]}-{width}.webp"
    return await file_response(
        request, store, key, len(body), "image/webp", filename, private=not upload.everyones
    )


routes = [
    Route("/uploads", create, methods=["POST"], max_body_size=MAX_UPLOAD),
    Route("/uploads.json", create, methods=["POST"], max_body_size=MAX_UPLOAD),
    Route("/drafts/{place}/uploads", attach, methods=["POST"], max_body_size=MAX_UPLOAD),
    Route("/uploads/short-url/{file}", show, methods=["GET"]),
    Route("/uploads/thumbnails/{name}/{width:int}.webp", thumbnail, methods=["GET"]),
]

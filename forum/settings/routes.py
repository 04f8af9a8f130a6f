"""The settings page: to whoever is no administrator there is none."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.errors import BadRequest, Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.pictures.logos import logo_file, logos_folder
from forum.pictures.routes import HEADERS
from forum.settings.actions import MAX_MEGABYTES, change_logo, change_setting, remove_logo
from forum.settings.known import ELSEWHERE, SETTINGS, setting_named
from forum.settings.pages import SettingField, SettingsPage
from forum.settings.queries import setting
from forum.settings.words import choice_words, setting_words
from forum.web import LOGO_PATH, MAX_FIELDS, MAX_UPLOAD, form_of, page, site_of, viewer_of


async def show(request: Request) -> Response:
    """How the site works, and how to change it."""
    _administrator(request)
    return await _page(request)


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


async def update(request: Request) -> Response:
    """Change one setting."""
    viewer, form = _administrator(request), await form_of(request)
    name, typed = form.get("name", ""), form.get("value", "")
    try:
        material = form.get("material") == "yes"
        await change_setting(viewer, setting_named(name).name, typed, material=material)
    except Invalid as fault:
        return await _page(request, {name: (typed, fault.fields["value"])})
    return RedirectResponse(f"/admin/settings?saved#{name}", 303)


async def put_logo(request: Request) -> Response:
    """Show another logo."""
    viewer = _administrator(request)
    try:
        await change_logo(viewer, logos_folder(site_of(request).config.data), await _file_of(request))
    except Invalid as fault:
        return await _page(request, logo_fault=fault.fields["logo"])
    return RedirectResponse("/admin/settings?saved#logo", 303)


async def _file_of(request: Request) -> bytes:
    """The file that was chosen, no further than tells that it is too heavy.

    Raises:
        BadRequest: the form does not carry one.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadRequest(_("This request is not a form."))
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        file = form.get("logo")
        return await file.read(MAX_MEGABYTES * 2**20 + 1) if isinstance(file, UploadFile) else b""


async def take_logo_away(request: Request) -> Response:
    """Show none."""
    viewer = _administrator(request)
    await remove_logo(viewer, logos_folder(site_of(request).config.data))
    return RedirectResponse("/admin/settings?saved#logo", 303)


async def show_logo(request: Request) -> Response:
    """The logo, good for ever: another one has another name. Nothing is asked of the viewer."""
    folder, name = logos_folder(site_of(request).config.data), request.path_params["name"]
    try:
        body = await asyncio.to_thread(logo_file(folder, name).read_bytes)
    except (ValueError, FileNotFoundError) as error:
        raise NotFound from error
    return Response(body, media_type="image/webp", headers=HEADERS)


async def _page(
    request: Request, faults: dict[str, tuple[str, str]] | None = None, logo_fault: str = ""
) -> Response:
    """
    Args:
        faults: what was typed for a setting that was not changed, and why it was not.
    """
    channels = await channels_of(viewer_of(request), [])
    shown = [name for name in SETTINGS if name not in ELSEWHERE]
    fields = [await _field(name, *(faults or {}).get(name, (None, ""))) for name in shown]
    flash = _("Saved: it holds from now on.") if "saved" in request.query_params else None
    subject = SettingsPage(fields, logo_fault, MAX_MEGABYTES, channels, flash)
    return page(request, "administration/settings.html", subject, 422 if faults or logo_fault else 200)


async def _field(name: str, typed: str | None, fault: str) -> SettingField:
    chosen = SETTINGS[name]
    value = chosen.write(await setting(chosen)) if typed is None else typed
    choices = tuple((choice, choice_words(choice)) for choice in chosen.choices)
    return SettingField(name, *setting_words(name), value, choices, chosen.lines, fault)


routes = [
    Route("/admin/settings", show, methods=["GET"]),
    Route("/admin/settings", update, methods=["POST"]),
    Route(LOGO_PATH, put_logo, methods=["POST"], max_body_size=MAX_UPLOAD),
    Route(f"{LOGO_PATH}/deletion", take_logo_away, methods=["POST"]),
    Route("/uploads/logos/{name}.webp", show_logo, methods=["GET"]),
]

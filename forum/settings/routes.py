"""The settings page: to whoever is no administrator there is none."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.administration.permissions import may_administer
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.settings.actions import change_setting
from forum.settings.known import SETTINGS, setting_named
from forum.settings.pages import SettingField, SettingsPage
from forum.settings.queries import setting
from forum.settings.words import choice_words, setting_words
from forum.web import form_of, page, viewer_of


async def show(request: Request) -> Response:
    """How the site works, and how to change it."""
    if not may_administer(viewer_of(request)):
        raise NotFound
    return await _page(request)


async def update(request: Request) -> Response:
    """Change one setting."""
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    form = await form_of(request)
    name, typed = form.get("name", ""), form.get("value", "")
    try:
        await change_setting(viewer, setting_named(name).name, typed)
    except Invalid as fault:
        return await _page(request, {name: (typed, fault.fields["value"])}, 422)
    return RedirectResponse(f"/admin/settings?saved#{name}", 303)


async def _page(
    request: Request, faults: dict[str, tuple[str, str]] | None = None, status: int = 200
) -> Response:
    """
    Args:
        faults: what was typed for a setting that was not changed, and why it was not.
    """
    channels = await channels_of(viewer_of(request), [])
    fields = [await _field(name, *(faults or {}).get(name, (None, ""))) for name in SETTINGS]
    flash = _("Saved: it holds from now on.") if "saved" in request.query_params else None
    return page(request, "administration/settings.html", SettingsPage(fields, channels, flash), status)


async def _field(name: str, typed: str | None, fault: str) -> SettingField:
    chosen = SETTINGS[name]
    value = chosen.write(await setting(chosen)) if typed is None else typed
    choices = tuple((choice, choice_words(choice)) for choice in chosen.choices)
    return SettingField(name, *setting_words(name), value, choices, fault)


routes = [
    Route("/admin/settings", show, methods=["GET"]),
    Route("/admin/settings", update, methods=["POST"]),
]

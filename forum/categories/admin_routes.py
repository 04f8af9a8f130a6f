"""The administration's pages about themes: to whoever is no administrator there are none."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.queries import id_of_member
from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.animators.actions import dismiss_animator, name_animator
from forum.categories.actions import (
    delete_theme,
    make_theme,
    revise_theme,
    set_archived,
    set_rules,
)
from forum.categories.details import GroupChoice, ThemeDetails, all_groups, animators_of, theme_details
from forum.categories.faces import ICONS, ThemeFace, check_face
from forum.categories.pages import AdminThemePage, AdminThemesPage, FaceForm, RulesForm, ThemeLine
from forum.categories.queries import CategoryCard, Rules, Themes
from forum.categories.rules_form import chosen_rules, new_rules, rules_in, stored_rules, wrong_choices
from forum.categories.words import icon_words, permission_words
from forum.errors import Invalid, NotFound, gathered, require_none
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.web import form_of, id_of, number_in, page, viewer_of

FACE = ("name", "slug", "description", "color", "icon", "parent_id", "position")


async def index(request: Request) -> Response:
    """All themes, in their order."""
    viewer = _administrator(request)
    channels = await channels_of(viewer, [])
    titles = {group.id: group.title for group in await all_groups()}
    lines = [_line(viewer.themes, root, titles) for root in viewer.themes.roots]
    subject = AdminThemesPage(lines, channels, _flash(request))
    return page(request, "administration/themes.html", subject)


def _line(themes: Themes, theme: CategoryCard, titles: Mapping[int, str]) -> ThemeLine:
    children = tuple(_line(themes, child, titles) for child in theme.children)
    return ThemeLine(theme, _open_to(themes.rules[theme.id], titles), children)


def _open_to(rules: Rules, titles: Mapping[int, str]) -> str:
    """In a few words, who may do what."""
    groups = [
        _("%(group)s: %(may)s") % {"group": titles[id], "may": permission_words(may)}
        for id, may in rules.groups.items()
    ]
    everyone = [_("everyone: %(may)s") % {"may": permission_words(rules.everyone)}] if rules.everyone else []
    return " · ".join([*everyone, *groups]) or _("administrators only")


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    told = {
        "saved": _("Saved: it holds from now on."),
        "deleted": _("The theme is deleted."),
        "archived": _("The theme is archived: it is read, and nobody writes in it."),
        "restored": _("The theme is open to new topics and replies again."),
    }
    return next((words for name, words in told.items() if name in request.query_params), None)


async def new(request: Request) -> Response:
    """The form of a new theme."""
    _administrator(request)
    return await _page(request, None, FaceForm(icon=ICONS[0]), await new_rules(), {})


async def create(request: Request) -> Response:
    """Make a theme, with its rules."""
    viewer, form = _administrator(request), await form_of(request)
    try:
        await _check(form)
        category_id = await make_theme(viewer, _face(form), rules_in(form))
    except Invalid as fault:
        return await _page(request, None, _typed(form), await chosen_rules(form), fault.fields, fault.status)
    return RedirectResponse(f"/admin/categories/{category_id}?saved", 303)


async def show(request: Request) -> Response:
    """One theme: its name and look, its rules, who looks after it."""
    _administrator(request)
    details = await theme_details(id_of(request))
    return await _page(request, details, _face_form(details.face), await stored_rules(details), {})


async def update(request: Request) -> Response:
    """Give it another name, look or place."""
    viewer, form = _administrator(request), await form_of(request)
    details = await theme_details(id_of(request))
    try:
        await revise_theme(viewer, details.id, _face(form))
    except Invalid as fault:
        rules = await stored_rules(details)
        return await _page(request, details, _typed(form), rules, fault.fields, fault.status)
    return RedirectResponse(f"/admin/categories/{details.id}?saved", 303)


async def change_rules(request: Request) -> Response:
    """Say who may do what in it."""
    viewer, form = _administrator(request), await form_of(request)
    details = await theme_details(id_of(request))
    try:
        require_none(await wrong_choices(form))
        await set_rules(viewer, details.id, rules_in(form))
    except Invalid as fault:
        face = _face_form(details.face)
        return await _page(request, details, face, await chosen_rules(form), fault.fields, fault.status)
    return RedirectResponse(f"/admin/categories/{details.id}?saved#rules", 303)


async def archive(request: Request) -> Response:
    """Archive it (`value` 1), or open it again (0)."""
    viewer, form = _administrator(request), await form_of(request)
    archived = form.get("value") == "1"
    await set_archived(viewer, id_of(request), archived)
    told = "archived" if archived else "restored"
    return RedirectResponse(f"/admin/categories/{id_of(request)}?{told}", 303)


async def delete(request: Request) -> Response:
    """Delete it, if nothing was ever written there."""
    viewer = _administrator(request)
    return await _try(request, lambda: delete_theme(viewer, id_of(request)), "/admin/categories?deleted")


async def add_animator(request: Request) -> Response:
    """Have a member (`username`) or a group (`group_id`) look after it."""
    viewer, form, category_id = _administrator(request), await form_of(request), id_of(request)
    username = form.get("username", "").strip().removeprefix("@")

    async def act() -> None:
        if username:
            await name_animator(viewer, category_id, user_id=await _member(username))
        else:
            await name_animator(viewer, category_id, group_id=await _group(form))

    return await _try(request, act, f"/admin/categories/{category_id}?saved#animators", form)


async def _member(username: str) -> int:
    try:
        return await id_of_member(username.replace("\x00", ""))
    except NotFound as fault:
        raise Invalid(fields={"animator": fault.message}) from fault


async def _group(form: Mapping[str, str]) -> int:
    chosen = form.get("group_id", "")
    found = [group.id for group in await all_groups() if str(group.id) == chosen]
    if not found:
        raise Invalid(fields={"animator": _("Write a member’s user name, or choose a group.")})
    return found[0]


async def remove_animator(request: Request) -> Response:
    """Take the care of it from somebody."""
    viewer, category_id = _administrator(request), id_of(request)
    await dismiss_animator(viewer, category_id, id_of(request, "number"))
    return RedirectResponse(f"/admin/categories/{category_id}?saved#animators", 303)


async def _try(
    request: Request,
    act: Callable[[], Awaitable[object]],
    onward: str,
    form: Mapping[str, str] | None = None,
) -> Response:
    """Do it and go on; what does not do is told on the theme's page, which is as it was."""
    details = await theme_details(id_of(request))
    try:
        await act()
    except Invalid as fault:
        face, rules = _face_form(details.face), await stored_rules(details)
        return await _page(request, details, face, rules, fault.fields, fault.status, form)
    return RedirectResponse(onward, 303)


def _face(form: Mapping[str, str]) -> ThemeFace:
    """What was typed.

    Raises:
        Invalid: a place that is no number; with all else that is wrong.
    """
    faults, parent, position = dict[str, str](), 0, 0
    with gathered(faults):
        parent = number_in(form, "parent_id", 0)
    with gathered(faults):
        position = number_in(form, "position", 0)
    words = {name: form.get(name, "") for name in ("name", "slug", "description", "color", "icon")}
    face = ThemeFace(**words, parent_id=parent or None, position=position)
    if faults:
        with gathered(faults):
            check_face(face)
    require_none(faults)
    return face


def _typed(form: Mapping[str, str]) -> FaceForm:
    return FaceForm(*(form.get(name, "") for name in FACE))


def _face_form(face: ThemeFace) -> FaceForm:
    parent = "" if face.parent_id is None else str(face.parent_id)
    return FaceForm(face.name, face.slug, face.description, face.color, face.icon, parent, str(face.position))


async def _check(form: Mapping[str, str]) -> None:
    """All that is wrong with the form of a new theme, at once."""
    faults = await wrong_choices(form)
    with gathered(faults):
        check_face(_face(form))
    require_none(faults)


async def _page(
    request: Request,
    details: ThemeDetails | None,
    face: FaceForm,
    rules: RulesForm,
    errors: dict[str, str],
    status: int = 200,
    form: Mapping[str, str] | None = None,
) -> Response:
    """
    Args:
        form: who was to look after it, as it was typed.
    """
    viewer, animator = viewer_of(request), form or {}
    channels = await channels_of(viewer, [])
    groups: list[GroupChoice] = await all_groups()
    subject = AdminThemePage(
        id=details.id if details else 0,
        title=details.face.name if details else _("New theme"),
        path=f"/c/{details.face.slug}/{details.id}" if details else "",
        face=face,
        rules=rules,
        icons=[(icon, icon_words(icon)) for icon in ICONS],
        parents=_parents(viewer.themes.roots, details.id if details else 0),
        animators=await animators_of(details.id) if details else [],
        groups=groups,
        archived=bool(details and details.archived),
        topics_count=details.topics_count if details else 0,
        username=animator.get("username", ""),
        group_id=animator.get("group_id", ""),
        errors=errors,
        channels=channels,
        flash=_flash(request),
    )
    return page(request, "administration/theme.html", subject, status)


def _parents(roots: tuple[CategoryCard, ...], category_id: int) -> list[tuple[str, str]]:
    return [(str(theme.id), theme.name) for theme in roots if theme.id != category_id]


routes = [
    Route("/admin/categories", index, methods=["GET"]),
    Route("/admin/categories", create, methods=["POST"]),
    Route("/admin/categories/new", new, methods=["GET"]),
    Route("/admin/categories/{id:int}", show, methods=["GET"]),
    Route("/admin/categories/{id:int}", update, methods=["POST"]),
    Route("/admin/categories/{id:int}/rules", change_rules, methods=["POST"]),
    Route("/admin/categories/{id:int}/archive", archive, methods=["POST"]),
    Route("/admin/categories/{id:int}/deletion", delete, methods=["POST"]),
    Route("/admin/categories/{id:int}/animators", add_animator, methods=["POST"]),
    Route("/admin/categories/{id:int}/animators/{number:int}/deletion", remove_animator, methods=["POST"]),
]

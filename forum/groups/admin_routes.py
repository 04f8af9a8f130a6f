"""The administration's pages about groups: to whoever is no administrator there are none."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.errors import Invalid, NotFound
from forum.groups.actions import Face, create_group, delete_group, revise_group
from forum.groups.models import Admission
from forum.groups.pages import AdminGroupsPage, FaceForm, GroupLine
from forum.groups.queries import GROUPS_SHOWN, GroupCard, group_numbered, groups_visible_to
from forum.groups.words import admission_words
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.web import form_of, id_of, page, viewer_of


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


async def index(request: Request) -> Response:
    """All groups, hidden ones too, and the form to make one."""
    _administrator(request)
    return await _list(request, FaceForm())


async def _list(request: Request, form: FaceForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    groups = await groups_visible_to(viewer, request.query_params.get("after", "").replace("\x00", ""))
    subject = AdminGroupsPage(
        lines=[GroupLine(group, admission_words(group.admission)) for group in groups],
        form=form,
        ways=_ways(),
        channels=channels,
        next_path=f"/admin/groups?after={quote(groups[-1].name)}" if len(groups) == GROUPS_SHOWN else None,
        flash=_("The group is deleted.") if "deleted" in request.query_params else None,
    )
    return page(request, "administration/groups.html", subject, status)


def _ways() -> list[tuple[str, str]]:
    return [(way.value, admission_words(way)) for way in Admission]


async def create(request: Request) -> Response:
    """Make a group."""
    viewer, form = _administrator(request), await form_of(request)
    typed = _typed(form)
    try:
        number = await create_group(viewer, typed.name, typed.full_name, typed.description, typed.admission)
    except Invalid as fault:
        return await _list(request, _typed(form, fault.fields), fault.status)
    return RedirectResponse(f"/admin/groups/{number}?saved", 303)


def _typed(form: Mapping[str, str], errors: dict[str, str] | None = None) -> FaceForm:
    return FaceForm(
        form.get("name", "").strip(),
        form.get("full_name", ""),
        form.get("description", ""),
        form.get("admission", ""),
        errors or {},
    )


async def show(request: Request) -> Response:
    """One group: its name, what it is for, the way in."""
    group = await group_numbered(_administrator(request), id_of(request))
    face = FaceForm(group.name, group.full_name, group.description, group.admission.value)
    return await _one(request, group, face)


async def _one(request: Request, group: GroupCard, form: FaceForm, status: int = 200) -> Response:
    subject = AdminGroupsPage(
        lines=[],
        form=form,
        ways=_ways(),
        channels=await channels_of(viewer_of(request), []),
        id=group.id,
        name=group.name,
        title=group.title,
        flash=_("Saved: it holds from now on.") if "saved" in request.query_params else None,
    )
    return page(request, "administration/group.html", subject, status)


async def update(request: Request) -> Response:
    """Give it another name, another description, another way in."""
    viewer, form = _administrator(request), await form_of(request)
    group, typed = await group_numbered(viewer, id_of(request)), _typed(form)
    try:
        face = Face(typed.name, typed.full_name, typed.description, typed.admission)
        await revise_group(viewer, group.id, face)
    except Invalid as fault:
        return await _one(request, group, _typed(form, fault.fields), fault.status)
    return RedirectResponse(f"/admin/groups/{group.id}?saved", 303)


async def delete(request: Request) -> Response:
    """Take it away, unless themes name it."""
    viewer = _administrator(request)
    group = await group_numbered(viewer, id_of(request))
    try:
        await delete_group(viewer, group.id)
    except Invalid as fault:
        face = FaceForm(group.name, group.full_name, group.description, group.admission.value, fault.fields)
        return await _one(request, group, face, fault.status)
    return RedirectResponse("/admin/groups?deleted", 303)


routes = [
    Route("/admin/groups", index, methods=["GET"]),
    Route("/admin/groups", create, methods=["POST"]),
    Route("/admin/groups/{id:int}", show, methods=["GET"]),
    Route("/admin/groups/{id:int}", update, methods=["POST"]),
    Route("/admin/groups/{id:int}/deletion", delete, methods=["POST"]),
]

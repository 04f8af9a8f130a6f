"""The pages of groups, for members of the site: a hidden group answers outsiders as one that never was."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.queries import id_of_member
from forum.accounts.routes import expired
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, require
from forum.groups import admin_routes
from forum.groups.actions import (
    add_member,
    answer_request,
    ask_to_join,
    join_group,
    leave_group,
    remove_member,
    set_owner,
)
from forum.groups.pages import GroupForm, GroupLine, GroupPage, GroupsPage, Standing
from forum.groups.permissions import may_ask_to_join, may_choose_members, may_join, may_leave
from forum.groups.queries import (
    GROUPS_SHOWN,
    MEMBERS_SHOWN,
    GroupCard,
    group_visible_to,
    groups_visible_to,
    members_of,
    own_request,
    requests_to,
)
from forum.groups.words import admission_words
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.web import done, form_of, id_of, page, viewer_of, wants_json


async def index(request: Request) -> Response:
    """The groups that one may know of."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return _sign_in(request)
    channels = await channels_of(viewer, [])
    groups = await groups_visible_to(viewer, request.query_params.get("after", "").replace("\x00", ""))
    more = f"/g?after={quote(groups[-1].name)}" if len(groups) == GROUPS_SHOWN else None
    lines = [GroupLine(group, admission_words(group.admission)) for group in groups]
    return page(request, "groups/index.html", GroupsPage(lines, more, channels))


def _sign_in(request: Request) -> Response:
    return RedirectResponse(f"/session/new?return_to={quote(request.url.path)}", 303)


async def show(request: Request) -> Response:
    """A group: what it is for, who is in it, how one joins."""
    if not viewer_of(request).signed_in:
        return _sign_in(request)
    return await _page(request, GroupForm())


async def _page(request: Request, form: GroupForm, status: int = 200) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    group = await group_visible_to(viewer, request.path_params["name"])
    members = await members_of(group, request.query_params.get("after", "").replace("\x00", ""))
    last = members[-1].person.username.lower() if len(members) == MEMBERS_SHOWN else ""
    chooses = may_choose_members(viewer, group)
    subject = GroupPage(
        group=group,
        words=admission_words(group.admission),
        standing=Standing(
            may_join(viewer, group),
            may_ask_to_join(viewer, group),
            may_leave(viewer, group),
            None if group.member else await own_request(viewer, group),
        ),
        chooses=chooses,
        requests=await requests_to(group) if chooses else [],
        members=members,
        next_path=f"/g/{group.name}?after={quote(last)}" if last else None,
        form=form,
        channels=channels,
        flash=_flash(request),
    )
    return page(request, "groups/show.html", subject, status)


def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    told = {
        "joined": _("You are a member of this group now."),
        "left": _("You are no longer a member of this group."),
        "asked": _("Your request is with the group’s owners."),
        "answered": _("Your answer is sent."),
        "changed": _("Done: it holds from now on."),
    }
    return next((words for name, words in told.items() if name in request.query_params), None)


async def membership(request: Request) -> Response:
    """Join an open group (`value` 1), or leave (0)."""
    joins = (await form_of(request)).get("value") == "1"

    async def act(group: GroupCard) -> str:
        await (join_group if joins else leave_group)(viewer_of(request), group)
        # Whoever has left a hidden group knows it no more.
        return f"/g/{group.name}?joined" if joins else "/g"

    return await _act(request, act, "membership")


async def ask(request: Request) -> Response:
    """Ask the owners to be let in."""
    message = (await form_of(request)).get("message", "")

    async def act(group: GroupCard) -> str:
        await ask_to_join(viewer_of(request), group, message)
        return f"/g/{group.name}?asked"

    return await _act(request, act, "membership", GroupForm("message", message))


async def answer(request: Request) -> Response:
    """Accept somebody who has asked (`value` 1), or refuse with a reason (0)."""
    form, request_id = await form_of(request), id_of(request)
    accepted, words = form.get("value") == "1", form.get("answer", "")

    async def act(group: GroupCard) -> str:
        await answer_request(viewer_of(request), group, request_id, accepted, words)
        return f"/g/{group.name}?answered"

    return await _act(request, act, "members", GroupForm("answer", words, request_id))


async def add(request: Request) -> Response:
    """Put somebody in."""
    username = (await form_of(request)).get("username", "").strip().removeprefix("@")

    async def act(group: GroupCard) -> str:
        viewer = viewer_of(request)
        require(may_choose_members(viewer, group))
        await add_member(viewer, group.id, await _member(username))
        return f"/g/{group.name}?changed#members"

    return await _act(request, act, "members", GroupForm("username", username))


async def _member(username: str) -> int:
    try:
        return await id_of_member(username.replace("\x00", ""))
    except NotFound as fault:
        raise Invalid(fields={"username": fault.message}) from fault


async def change_member(request: Request) -> Response:
    """Make a member an owner, an ordinary member again, or take them out (`value`)."""
    value, username = (await form_of(request)).get("value", ""), request.path_params["username"]

    async def act(group: GroupCard) -> str:
        viewer = viewer_of(request)
        require(may_choose_members(viewer, group))
        user_id = await id_of_member(username)
        if value == "out":
            await remove_member(viewer, group.id, user_id)
        elif value in ("owner", "member"):
            await set_owner(viewer, group.id, user_id, value == "owner")
        else:
            raise Invalid(fields={"members": _("Choose what to do.")})
        known = group.admission != "hidden" or viewer.admin or user_id != viewer.id
        return f"/g/{group.name}?changed#members" if known else "/g"

    return await _act(request, act, "members")


async def _act(
    request: Request,
    act: Callable[[GroupCard], Awaitable[str]],
    place: str,
    typed: GroupForm | None = None,
) -> Response:
    """Do it and see the page; what does not do is told there, with what was typed.

    Args:
        act: gives the address to go on to.
        place: where a fault without a field is told.
    """
    viewer, name = viewer_of(request), request.path_params["name"]
    if not viewer.signed_in:
        return await expired(request, f"/g/{name}", "")
    group = await group_visible_to(viewer, name)
    try:
        return done(request, await act(group))
    except (Invalid, Conflict, Forbidden) as fault:
        if wants_json(request) or not (fault.fields or fault.message):
            raise
        return await _told(request, typed or GroupForm(), fault, place)


async def _told(request: Request, typed: GroupForm, fault: ForumError, place: str) -> Response:
    errors = fault.fields or {place: fault.message}
    return await _page(request, GroupForm(typed.name, typed.text, typed.request_id, errors), fault.status)


routes = [
    *admin_routes.routes,
    Route("/g", index, methods=["GET"]),
    Route("/g/{name}", show, methods=["GET"]),
    Route("/g/{name}/membership", membership, methods=["POST"]),
    Route("/g/{name}/requests", ask, methods=["POST"]),
    Route("/g/{name}/requests/{id:int}", answer, methods=["POST"]),
    Route("/g/{name}/members", add, methods=["POST"]),
    Route("/g/{name}/members/{username}", change_member, methods=["POST"]),
]

"""The API's GETs about groups, for members: a hidden one answers outsiders as one that never was."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.api.list_shapes import basic_user
from forum.api.neutral import Shape
from forum.api.programs import number_of, require_member
from forum.groups.models import Admission
from forum.groups.permissions import may_choose_members
from forum.groups.queries import (
    GROUPS_SHOWN,
    MEMBERS_SHOWN,
    GroupCard,
    MemberLine,
    group_visible_to,
    groups_visible_to,
    members_of,
    owners_of,
)
from forum.web import JsonResponse, viewer_of

# Discourse's number for the groups that everyone may know of, and for those of their members.
PUBLIC, OF_MEMBERS = 0, 2


def group_shape(group: GroupCard, viewer: Viewer) -> Shape:
    """A group as Discourse writes it."""
    hidden = group.admission is Admission.HIDDEN
    return {
        "id": group.id,
        "automatic": False,
        "name": group.name,
        "display_name": group.name,
        "full_name": group.full_name or None,
        "user_count": group.members_count,
        "bio_raw": group.description,
        "bio_excerpt": group.description or None,
        "mentionable_level": 0,
        "messageable_level": 0,
        "visibility_level": OF_MEMBERS if hidden else PUBLIC,
        "members_visibility_level": OF_MEMBERS if hidden else PUBLIC,
        "primary_group": False,
        "title": None,
        "grant_trust_level": None,
        "has_messages": False,
        "public_admission": group.admission is Admission.OPEN,
        "public_exit": True,
        "allow_membership_requests": group.admission is Admission.ON_REQUEST,
        "default_notification_level": 1,
        "is_group_user": group.member,
        "is_group_owner": group.owner,
        "can_see_members": True,
        "can_admin_group": may_choose_members(viewer, group),
    }


async def index(request: Request) -> Response:
    """GET /groups.json?page=: fifty, by name, from page 0."""
    require_member(request)
    viewer, number = viewer_of(request), number_of(request.query_params, "page") or 0
    groups = await groups_visible_to(viewer, limit=2**31 - 1)
    shown = groups[GROUPS_SHOWN * number : GROUPS_SHOWN * (number + 1)]
    return JsonResponse(
        {
            "groups": [group_shape(group, viewer) for group in shown],
            "extras": {"type_filters": []},
            "total_rows_groups": len(groups),
            "load_more_groups": f"/groups?page={number + 1}",
        }
    )


async def show(request: Request) -> Response:
    """GET /groups/{name}.json"""
    require_member(request)
    viewer = viewer_of(request)
    group = await group_visible_to(viewer, request.path_params["name"])
    return JsonResponse({"group": group_shape(group, viewer), "extras": {"visible_group_names": []}})


async def members(request: Request) -> Response:
    """GET /groups/{name}/members.json: `limit` (a hundred at the most), `offset`."""
    require_member(request)
    asked = number_of(request.query_params, "limit")
    limit = MEMBERS_SHOWN if asked is None else min(asked, MEMBERS_SHOWN)
    offset = number_of(request.query_params, "offset") or 0
    group = await group_visible_to(viewer_of(request), request.path_params["name"])
    return JsonResponse(
        {
            "members": [_member(line) for line in await members_of(group, limit=limit, offset=offset)],
            "owners": [_member(line) for line in await owners_of(group)],
            "meta": {"total": group.members_count, "limit": limit, "offset": offset},
        }
    )


def _member(line: MemberLine) -> Shape:
    return basic_user(line.person) | {"title": line.person.title or None, "owner": line.owner}

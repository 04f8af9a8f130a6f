"""The API's GETs about members: themselves, and what concerns the one who asks."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.queries import person_named
from forum.api import list_shapes, neutral
from forum.api.groups import group_shape
from forum.api.programs import number_of, require_member
from forum.api.queries import Roles, activity_of, number_of_alerts, roles_of
from forum.errors import NotFound
from forum.groups.queries import groups_of_person
from forum.notifications.models import NotificationType
from forum.notifications.queries import PAGE_SIZE, alerts_of
from forum.profiles.queries import profile_shown_to
from forum.web import JsonResponse, viewer_of

# How Discourse's plugin for accepted answers says what its alerts of the kind "custom" are.
SOLVED = "solved.accepted_notification"


async def user(request: Request) -> Response:
    """GET /u/{username}.json"""
    person = await person_named(request.path_params["username"])
    role = (await roles_of([person.id])).get(person.id, Roles())
    viewer = viewer_of(request)
    activity = await activity_of(viewer, person.id)
    groups = await groups_of_person(viewer, person.id) if viewer.signed_in else []
    profile = await profile_shown_to(viewer_of(request), person.id)
    shape = (
        neutral.USER
        | list_shapes.basic_user(person)
        | {
            "title": person.title or None,
            "trust_level": 2,
            "created_at": list_shapes.moment(activity.joined_at),
            "last_posted_at": list_shapes.moment(activity.last_posted_at),
            "last_seen_at": None,
            "topic_count": activity.topics,
            "post_count": activity.posts,
            "staged": False,
            "admin": role.admin,
            "moderator": role.moderator,
            "bio_raw": profile.bio_raw or None,
            "bio_cooked": str(profile.bio) or None,
            "groups": [group_shape(group, viewer) for group in groups],
        }
    )
    return JsonResponse({"user_badges": [], "user": shape})


async def current(request: Request) -> Response:
    """GET /session/current.json"""
    viewer = viewer_of(request)
    if viewer.id is None:
        raise NotFound
    return JsonResponse(
        {
            "current_user": {
                "id": viewer.id,
                "username": viewer.username,
                "name": viewer.name,
                "admin": viewer.admin,
                "moderator": viewer.moderator,
                "unread_notifications": viewer.unread,
            }
        }
    )


async def notifications(request: Request) -> Response:
    """GET /notifications.json: thirty, newest first; `before` (an id) for the ones further down."""
    require_member(request)
    viewer = viewer_of(request)
    alerts = await alerts_of(viewer, number_of(request.query_params, "before"))
    more = f"/notifications.json?before={alerts[-1].id}" if len(alerts) == PAGE_SIZE else None
    shown = [
        {
            "id": alert.id,
            "user_id": viewer.id,
            "notification_type": int(NotificationType[alert.type.upper()]),
            "read": alert.read,
            "created_at": list_shapes.moment(alert.created_at),
            "post_number": alert.number,
            "topic_id": alert.topic_id,
            "slug": alert.topic_slug,
            "data": {
                "topic_title": alert.topic_title,
                "display_username": alert.actor.username,
                **({"message": SOLVED} if alert.type == "accepted" else {}),
            },
        }
        for alert in alerts
    ]
    return JsonResponse(
        {
            "notifications": shown,
            "total_rows_notifications": await number_of_alerts(viewer),
            "seen_notification_id": alerts[0].id if alerts else 0,
            "load_more_notifications": more,
        }
    )

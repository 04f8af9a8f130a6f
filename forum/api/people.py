"""The API's GETs about members: themselves, and what concerns the one who asks."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.queries import person_named
from forum.api import shapes
from forum.errors import NotFound
from forum.notifications.models import NotificationType
from forum.notifications.queries import alerts_of
from forum.web import JsonResponse, viewer_of
from realtime.sql import as_datetime, sql


async def user(request: Request) -> Response:
    """GET /u/{username}.json"""
    person = await person_named(request.path_params["username"])
    rows = await sql("SELECT created_at, admin, moderator FROM users WHERE id = {0}", person.id)
    shape = shapes.basic_user(person) | {
        "title": person.title or None,
        "trust_level": 2,
        "created_at": shapes.moment(as_datetime(rows[0]["created_at"])),
        "admin": bool(rows[0]["admin"]),
        "moderator": bool(rows[0]["moderator"]),
        "bio_raw": None,
        "groups": [],
    }
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
    """GET /notifications.json"""
    viewer = viewer_of(request)
    alerts = await alerts_of(viewer) if viewer.signed_in else []
    shown = [
        {
            "id": alert.id,
            "user_id": viewer.id,
            "notification_type": int(NotificationType[alert.type.upper()]),
            "read": alert.read,
            "created_at": shapes.moment(alert.created_at),
            "post_number": alert.number,
            "topic_id": alert.topic_id,
            "slug": alert.topic_slug,
            "data": {"topic_title": alert.topic_title, "display_username": alert.actor.username},
        }
        for alert in alerts
    ]
    return JsonResponse({"notifications": shown, "total_rows_notifications": len(shown)})

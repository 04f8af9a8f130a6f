"""The alerts page."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.clock import now
from forum.errors import NotFound
from forum.groups.actions import mark_news_read
from forum.groups.queries import GroupNews, group_news_of
from forum.i18n import current_locale, format_day
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.notifications.actions import mark_read
from forum.notifications.queries import PAGE_SIZE, Alert, alerts_of
from forum.web import LiveChannel, done, form_of, number_in, page, viewer_of, zone_of


class Day(Struct, frozen=True):
    """The alerts of one day."""

    label: str
    alerts: list[Alert]


class AlertsPage(Struct, frozen=True):
    """A member's alerts."""

    days: list[Day]
    news: list[GroupNews]
    unread: int
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def index(request: Request) -> Response:
    """The member's alerts, by day, newest first."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return RedirectResponse("/session/new?return_to=/notifications", 303)
    channels = await channels_of(viewer, [])
    text = request.query_params.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    alerts = await alerts_of(viewer, before)
    more = f"/notifications?before={alerts[-1].id}" if len(alerts) == PAGE_SIZE else None
    news = await group_news_of(viewer) if before is None else []
    subject = AlertsPage(_by_day(request, alerts), news, viewer.unread, more, channels)
    return page(request, "notifications/index.html", subject)


def _by_day(request: Request, alerts: list[Alert]) -> list[Day]:
    zone = zone_of(request)

    def day(alert: Alert) -> date:
        return alert.created_at.astimezone(zone).date()

    today = now().astimezone(zone).date()
    return [Day(_day_label(at, today), list(some)) for at, some in groupby(alerts, key=day)]


def _day_label(at: date, today: date) -> str:
    if at == today:
        return _("Today")
    if at == today - timedelta(days=1):
        return _("Yesterday")
    return format_day(datetime.combine(at, time(12), UTC), current_locale(), ZoneInfo("UTC"))


async def read(request: Request) -> Response:
    """Mark one alert as read (`id`, or `request_id` for one about a group), or all."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        raise NotFound
    one, request_id = [number_in(form, name) if form.get(name) else None for name in ("id", "request_id")]
    if request_id is None:
        await mark_read(viewer, one)
    if one is None:
        await mark_news_read(viewer, request_id)
    return done(request, "/notifications")


routes = [
    Route("/notifications", index, methods=["GET"]),
    Route("/notifications/read", read, methods=["POST"]),
]

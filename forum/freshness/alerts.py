"""The alert that asks whether it still holds: one to a member for all that waits, gone once nothing does."""

from collections.abc import Mapping, Sequence
from typing import Any

from forum.categories.queries import MAY_SEE, ids
from forum.channels import user_channel
from forum.freshness.queries import ASKED, TABLES, Dated, is_dated
from forum.i18n import gettext as _
from forum.notifications.actions import notify_about
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.reuses.queries import enumerated
from realtime.log import Record
from realtime.sql import sql

WHY = int(NotificationType.REVIEW_DUE)


def _waiting() -> str:
    """What waits for the word of its author `u`, who may still see it."""
    return f"""FROM {TABLES} JOIN users u ON u.id = p.user_id WHERE p.id IN
        (SELECT post_id FROM review_dates WHERE asked_at IS NOT NULL) AND {ASKED} AND {is_dated()}
        AND t.deleted_at IS NULL AND {MAY_SEE}"""


async def ask_on_site(record: Record, dated: Dated) -> None:
    """A step of marking: its author is told, unless an alert that they have not read tells of others."""
    await sql(
        "DELETE FROM notifications WHERE user_id = {0} AND notification_type = {1} AND read = {2}",
        dated.author_id,
        WHY,
        True,
    )
    if not await _alerts(dated.author_id):
        post = NewPost(dated.post_id, dated.topic_id, dated.category_id, dated.number, dated.author_id)
        await notify_about(NotificationType.REVIEW_DUE, dated.author_id, post, record)


async def _alerts(user_id: int) -> list[dict[str, Any]]:
    return await sql(
        "SELECT id, post_id FROM notifications WHERE user_id = {0} AND notification_type = {1}", user_id, WHY
    )


async def settle(record: Record, user_id: int) -> None:
    """A step of answering: the alert goes with the last that waited, and else is about one that does."""
    alerts = await _alerts(user_id)
    if not alerts:
        return
    waiting = await sql(
        f"SELECT p.id, p.topic_id, p.post_number {_waiting()} AND u.id = {{0}} ORDER BY r.due_at, p.id",
        user_id,
    )
    if not waiting:
        await sql("DELETE FROM notifications WHERE user_id = {0} AND notification_type = {1}", user_id, WHY)
    elif alerts[0]["post_id"] not in {row["id"] for row in waiting}:
        await sql(
            "UPDATE notifications SET post_id = {1}, topic_id = {2}, post_number = {3} WHERE id = {0}",
            alerts[0]["id"],
            waiting[0]["id"],
            waiting[0]["topic_id"],
            waiting[0]["post_number"],
        )
    record(user_channel(user_id), "notification.changed", user_id=user_id)


async def unsettled() -> list[int]:
    """Who has an alert about something that waits no more."""
    rows = await sql(
        f"""SELECT x.user_id FROM notifications x WHERE x.notification_type = {WHY}
            AND x.post_id NOT IN (SELECT p.id {_waiting()}) ORDER BY x.user_id"""
    )
    return [row["user_id"] for row in rows]


async def titles_in_alerts(alert_ids: Sequence[int]) -> Mapping[int, str]:
    """Of what an alert speaks: all that waits for its reader at this moment, by its titles."""
    rows = await sql(
        f"""SELECT x.id, w.title FROM notifications x JOIN (SELECT p.user_id, t.title, r.due_at, p.id
                {_waiting()}) w ON w.user_id = x.user_id
            WHERE x.id IN ({ids(frozenset(alert_ids))}) ORDER BY w.due_at, w.id"""
    )
    titles: dict[int, list[str]] = {}
    for row in rows:
        titles.setdefault(row["id"], []).append(_("“%(title)s”") % {"title": row["title"]})
    return {alert: enumerated(found) for alert, found in titles.items()}


async def waiting_for(user_id: int) -> list[int]:
    """The posts of a member that wait for their word, the oldest date first, a hundred at the most."""
    rows = await sql(f"SELECT p.id {_waiting()} AND u.id = {{0}} ORDER BY r.due_at, p.id LIMIT 100", user_id)
    return [row["id"] for row in rows]

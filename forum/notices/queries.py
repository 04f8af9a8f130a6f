"""What a mail of alerts says, as its reader may see things at the moment of sending."""

from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.markdown import excerpt
from forum.notifications.grouped import names_in
from forum.notifications.models import NotificationType
from forum.reading.models import NotificationLevel
from forum.reviewables.queries import ruling_about
from forum.reviewables.words import ruling_words
from realtime.sql import sql

EXCERPT = 300


class Reader(Struct, frozen=True):
    """To whom notices go, and what they have chosen."""

    email: str | None
    mail_level: str


class Notice(Struct, frozen=True):
    """One alert as a mail tells it: `words` and `reason` of a decision, `said` of a post open to all.

    `why`: of whom it speaks, where its slice says so (`forum/notifications/grouped.py`).
    """

    type: str
    title: str
    name: str
    path: str
    said: str = ""
    words: str = ""
    reason: str = ""
    why: str = ""


class _Alert(Struct, frozen=True):
    """What is asked of an alert to name those of whom it speaks."""

    id: int
    type: str


async def reader_of(user_id: int) -> Reader | None:
    """The member, if their account is not closed."""
    rows = await sql("SELECT email, mail_level FROM users WHERE id = {0} AND deactivated_at IS NULL", user_id)
    return Reader(**rows[0]) if rows else None


async def notices_for(viewer: Viewer, numbers: str) -> list[Notice]:
    """Of these alerts, those that are not read and whose posts the member may read now.

    Args:
        numbers: the alerts' ids with commas between them.
    """
    wanted = frozenset(int(number) for number in numbers.split(",") if number)
    rows = await sql(
        f"""SELECT n.id, n.notification_type, n.post_id, n.post_number, t.id AS topic_id, t.slug, t.title,
            t.category_id, p.cooked, COALESCE(NULLIF(a.name, ''), a.username) AS name
            FROM notifications n JOIN topics t ON t.id = n.topic_id JOIN posts p ON p.id = n.post_id
            JOIN users a ON a.id = n.actor_id
            WHERE n.id IN ({ids(wanted)}) AND n.user_id = {{0}} AND NOT n.read
            AND t.category_id IN ({ids(viewer.rights.see)})
            AND (n.notification_type >= {int(NotificationType.MODERATED)}
                OR (t.deleted_at IS NULL AND p.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM topic_users m
                    WHERE m.topic_id = t.id AND m.user_id = n.user_id
                    AND m.notification_level = {int(NotificationLevel.MUTED)})))
            ORDER BY n.id""",
        viewer.member_id,
    )
    names = await names_in([_Alert(row["id"], _type_of(row).name.lower()) for row in rows])
    found = [await _notice(viewer, row, names.get(row["id"], "")) for row in rows]
    return [notice for notice in found if notice is not None]


def _type_of(row: dict[str, Any]) -> NotificationType:
    return NotificationType(row["notification_type"])


async def _notice(viewer: Viewer, row: dict[str, Any], why: str) -> Notice | None:
    kind = _type_of(row)
    if kind >= NotificationType.MODERATED:
        return await _decision(viewer, kind, row)
    path = f"/t/{row['slug']}/{row['topic_id']}/{row['post_number']}"
    closed = viewer.themes.by_id[row["category_id"]].restricted
    said = "" if closed else str(excerpt(row["cooked"], EXCERPT))
    return Notice(kind.name.lower(), row["title"], row["name"], path, said, why=why)


async def _decision(viewer: Viewer, kind: NotificationType, row: dict[str, Any]) -> Notice | None:
    """Moderation's, as the page says it: without the name of whoever decided."""
    try:
        case = await ruling_about(viewer, row["post_id"])
    except NotFound:
        return None
    ruling = case.appeal if kind is NotificationType.APPEAL_DECIDED else case.ruling
    if ruling is None:
        return None
    path = f"/posts/{row['post_id']}/moderation"
    words = ruling_words(ruling.decision)
    return Notice(kind.name.lower(), row["title"], "", path, words=words, reason=ruling.reason)

"""A member's alerts, and the badge's whole state."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.groups.waiting import GROUP_NEWS
from forum.notifications.grouped import names_in
from forum.notifications.models import NotificationType
from forum.notifications.words import Words, words_of
from realtime.sql import as_datetime, sql

PAGE_SIZE = 30


class Alert(Struct, frozen=True):
    """One fact that concerns the member, and why it came (`type`).

    `names`: of whom it speaks, when it groups several (`forum/notifications/grouped.py`).
    """

    id: int
    type: str
    topic_id: int
    post_id: int
    topic_slug: str
    topic_title: str
    number: int
    actor: PersonCard
    created_at: datetime
    read: bool
    names: str = ""

    @property
    def words(self) -> Words:
        """How it is told."""
        return words_of(self)

    @property
    def by_moderation(self) -> bool:
        """Whether moderation speaks: no member's name is told."""
        return NotificationType[self.type.upper()] >= NotificationType.MODERATED

    @property
    def path(self) -> str:
        """The post that it is about; of what moderation says, the page that says more.

        Of what waits for one's word, the page with all of it.
        """
        if self.type == "review_due":
            return "/still-true"
        if self.type == "flag_decided":
            return f"/posts/{self.post_id}/flags"
        if self.by_moderation:
            return f"/posts/{self.post_id}/moderation"
        return f"/t/{self.topic_slug}/{self.topic_id}/{self.number}"


async def alerts_of(viewer: Viewer, before: int | None = None) -> list[Alert]:
    """The member's alerts, newest first, thirty at a time, in topics that they may still see.

    Args:
        before: only alerts with a smaller id (the next page).
    """
    rows = await sql(
        f"""SELECT n.id, n.notification_type, n.topic_id, n.post_id, t.slug AS topic_slug,
            t.title AS topic_title, n.post_number AS number, n.actor_id AS user_id, {PERSON_COLUMNS},
            n.created_at, n.read
            FROM notifications n JOIN topics t ON t.id = n.topic_id JOIN users u ON u.id = n.actor_id
            WHERE n.user_id = {{0}} AND n.id < {{1}}
            AND (t.deleted_at IS NULL OR n.notification_type >= {int(NotificationType.MODERATED)})
            AND t.category_id IN ({ids(viewer.rights.see)}) ORDER BY n.id DESC LIMIT {PAGE_SIZE}""",
        viewer.id,
        before or 2**31 - 1,
    )
    alerts = [_alert(row) for row in rows]
    names = await names_in(alerts)
    return [replace(alert, names=names[alert.id]) if alert.id in names else alert for alert in alerts]


def _alert(row: dict[str, Any]) -> Alert:
    return Alert(
        id=row["id"],
        type=NotificationType(row["notification_type"]).name.lower(),
        topic_id=row["topic_id"],
        post_id=row["post_id"],
        topic_slug=row["topic_slug"],
        topic_title=row["topic_title"],
        number=row["number"],
        actor=person_card(row),
        created_at=as_datetime(row["created_at"]),
        read=bool(row["read"]),
    )


async def unread_count(user_id: int) -> int:
    """How many alerts the member has not read, those about groups too: the badge's whole state."""
    rows = await sql(
        f"""SELECT (SELECT COUNT(*) FROM notifications n WHERE n.user_id = u.id AND NOT n.read)
            + {GROUP_NEWS} AS n FROM users u WHERE u.id = {{0}}""",
        user_id,
    )
    return int(rows[0]["n"]) if rows else 0

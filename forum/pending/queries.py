"""What waits for approval: for its author, and for whoever looks after the theme."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.clock import now
from forum.errors import NotFound
from forum.pending.permissions import may_see_held
from forum.pending.waiting import APPROVES, HELD_CATEGORY, HELD_TABLES
from forum.reviewables.claims import claimer
from forum.settings.known import FIRST_POSTS_REVIEWED
from forum.settings.queries import setting
from forum.stored import object_in
from forum.tags.names import part_names
from realtime.sql import as_datetime, sql

MOST = 100
HELD = f"""SELECT h.id, h.topic_id, ht.slug AS topic_slug, ht.title AS topic_title,
    {HELD_CATEGORY} AS category_id, h.reply_to_post_number, h.kind, h.title,
    h.tag_names, h.details, h.raw, h.created_at, h.is_open, h.decided_by_id, h.reason, h.message, h.post_id,
    h.user_id, h.claimed_by_id, h.claimed_at, cu.name AS claimer_name, cu.username AS claimer_username,
    {PERSON_COLUMNS}
    FROM {HELD_TABLES} JOIN users u ON u.id = h.user_id LEFT JOIN users cu ON cu.id = h.claimed_by_id"""


class HeldCard(Struct, frozen=True):
    """A post that waits, or what became of it."""

    id: int
    topic_id: int | None
    topic_slug: str
    topic_title: str
    category_id: int
    reply_to: int | None
    kind: str
    title: str
    tags: tuple[str, ...]
    details: Mapping[str, str]
    source: str
    created_at: datetime
    open: bool
    judge_id: int | None
    reason: str
    message: str
    post_id: int | None
    claimed_by_id: int | None
    claimed_by_name: str
    author: PersonCard

    @property
    def author_id(self) -> int:
        """Who wrote it."""
        return self.author.id

    @property
    def may_appeal(self) -> bool:
        """Refused, and not appealed before."""
        return not self.open and self.post_id is None and bool(self.reason) and not self.message


async def needs_approval(author: Viewer) -> bool:
    """Whether this post of theirs is one of the first, which staff look at before others do."""
    first = await setting(FIRST_POSTS_REVIEWED)
    if first == 0 or author.staff or author.id is None:
        return False
    rows = await sql(
        f"""SELECT COUNT(*) AS n FROM (SELECT 1 FROM posts WHERE user_id = {{0}} AND deleted_at IS NULL
            AND post_type = 1 LIMIT {first:d}) AS written""",
        author.id,
    )
    return bool(rows[0]["n"] < first)


async def held_visible_to(viewer: Viewer, held_id: int) -> HeldCard:
    """One of them; the topic has no title for an author who may not see it any more.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    rows = await sql(f"{HELD} WHERE h.id = {{0}}", held_id)
    if not rows or not may_see_held(viewer, found := _card(rows[0])):
        raise NotFound
    if viewer.may_see(found.category_id):
        return found
    return replace(found, topic_slug="", topic_title="")


async def held_in_topic(viewer: Viewer, topic_id: int) -> list[HeldCard]:
    """The viewer's own that wait in a topic."""
    rows = await sql(
        f"{HELD} WHERE h.topic_id = {{0}} AND h.user_id = {{1}} AND h.is_open = true ORDER BY h.id",
        topic_id,
        viewer.id,
    )
    return [_card(row) for row in rows]


async def held_for(viewer: Viewer) -> list[HeldCard]:
    """What waits where the viewer looks after the theme, oldest first, a hundred at the most."""
    rows = await sql(
        f"""{HELD} WHERE h.is_open = true AND h.user_id <> {{0}}
            AND {HELD_CATEGORY} IN ({ids(viewer.moderated)})
            ORDER BY h.created_at, h.id LIMIT {MOST}""",
        viewer.id,
    )
    return [_card(row) for row in rows]


async def others_may_decide(viewer: Viewer, held: HeldCard) -> bool:
    """Whether somebody else who looks after the theme, not suspended, might decide about it."""
    rows = await sql(
        f"""SELECT 1 FROM users u JOIN pending_posts h ON h.id = {{0}}
            LEFT JOIN topics ht ON ht.id = h.topic_id WHERE {APPROVES}
            AND u.deactivated_at IS NULL AND (u.suspended_until IS NULL OR u.suspended_until < {{1}})
            AND u.id <> {{2}} AND u.id <> h.user_id LIMIT 1""",
        held.id,
        now(),
        viewer.id,
    )
    return bool(rows)


def _card(row: dict[str, Any]) -> HeldCard:
    claimed_by_id, claimed_by_name = claimer(row)
    return HeldCard(
        id=row["id"],
        topic_id=row["topic_id"],
        topic_slug=row["topic_slug"] or "",
        topic_title=row["topic_title"] or "",
        category_id=row["category_id"],
        reply_to=row["reply_to_post_number"],
        kind=row["kind"],
        title=row["title"],
        tags=part_names(row["tag_names"]),
        details=object_in(row["details"], "pending_posts", "details"),
        source=row["raw"],
        created_at=as_datetime(row["created_at"]),
        open=bool(row["is_open"]),
        judge_id=row["decided_by_id"],
        reason=row["reason"],
        message=row["message"],
        post_id=row["post_id"],
        claimed_by_id=claimed_by_id,
        claimed_by_name=claimed_by_name,
        author=person_card(row),
    )

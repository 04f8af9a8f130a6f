"""Lists of topics, paged by cursor: `before` is the last row's «bumped_at,id» of the page above."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.kinds.narrowing import EVERYTHING, Narrowed
from forum.reading.models import FollowReason, ThemeLevel
from forum.reading.themes import COUNTED, at_level, theme_levels
from forum.text import MAX_ID
from forum.topics.queries import LIST_SIZE, TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from realtime.sql import as_datetime, sql

FILTERS = {
    "latest": "",
    "unanswered": " AND t.kind = 'question' AND t.posts_count <= 1 AND NOT t.closed",
    "new": " AND t.category_id NOT IN ({muted})"
    " AND NOT EXISTS (SELECT 1 FROM topic_users tu WHERE tu.topic_id = t.id AND tu.user_id = {me})",
    "unread": " AND t.id IN (SELECT tu.topic_id FROM topic_users tu JOIN topics m ON m.id = tu.topic_id"
    " WHERE tu.user_id = {me} AND (tu.notification_level >= 2 OR (tu.notification_level = 1"
    f" AND COALESCE(tu.notifications_reason, 0) <> {int(FollowReason.USER_CHANGED)}"
    " AND m.category_id IN ({tracked}))) AND tu.last_read_post_number < m.highest_post_number)",
}
NEWEST_FIRST = "ORDER BY t.bumped_at DESC, t.id DESC LIMIT"


class Cursor(Struct, frozen=True):
    """Where a page of a list ends; the next one starts strictly below."""

    bumped_at: datetime
    topic_id: int

    def __str__(self) -> str:
        return f"{self.bumped_at.isoformat()},{self.topic_id}"

    @classmethod
    def read(cls, text: str | None) -> "Cursor | None":
        """A cursor from an address; None when absent or malformed (the list's top)."""
        try:
            at, _, topic_id = (text or "").replace(" ", "+").rpartition(",")
            moment, number = datetime.fromisoformat(at), int(topic_id)
            known = moment.tzinfo is not None and 0 <= number <= MAX_ID
            return cls(moment.astimezone(UTC), number) if known else None
        except (ValueError, OverflowError):
            return None


class TopicPage(Struct, frozen=True):
    """One page of a list, and where the next one starts (None: this was the last)."""

    topics: list[TopicCard]
    next: Cursor | None


async def topics_visible_to(
    viewer: Viewer,
    *,
    filter: str = "latest",
    category_ids: frozenset[int] | None = None,
    tag: str | None = None,
    narrowed: Narrowed = EVERYTHING,
    before: Cursor | None = None,
    limit: int = LIST_SIZE,
) -> TopicPage:
    """A page of topics, most recently bumped first; pinned ones head the first page.

    Args:
        filter: one of `FILTERS`; "new" and "unread" are empty for visitors.
        category_ids: only these categories (less those that the viewer may not see).
        tag: only topics that carry the tag of this key.
        narrowed: only topics of a kind, within ranges of its fields.
    """
    if filter in ("new", "unread") and not viewer.signed_in:
        return TopicPage([], None)
    wanted = await _filter(viewer, filter)
    if tag is not None:
        wanted += " AND t.id IN (SELECT topic_id FROM topic_tags WHERE key = {0})"
    values: tuple[object, ...] = () if tag is None else (tag,)
    within, more = narrowed.condition(len(values))
    wanted, values = wanted + within, (*values, *more)
    seen = viewer.rights.see if category_ids is None else viewer.rights.see & category_ids
    heads = await _pinned(viewer, _there(seen) + wanted, values, in_theme=category_ids is not None)
    below, places = _below(before, len(values))
    newest = (
        _there(seen) + wanted + below if category_ids is None else _in_each(seen, wanted + below, limit + 1)
    )
    rows = await _rows(newest, (*values, *places), limit + 1)
    cards = [topic_card(row) for row in rows[:limit]]
    ends = Cursor(cards[-1].bumped_at, cards[-1].id) if len(rows) > limit else None
    at_head = {topic.id for topic in heads}
    below_them = [topic for topic in cards if topic.id not in at_head]
    return TopicPage(heads + below_them if before is None else below_them, ends)


async def _filter(viewer: Viewer, name: str) -> str:
    """One of `FILTERS`, for this viewer and the themes that they follow or mute."""
    levels = await theme_levels(viewer) if name in ("new", "unread") else {}
    return FILTERS[name].format(
        me=viewer.id,
        muted=ids(at_level(levels, ThemeLevel.MUTED)),
        tracked=ids(at_level(levels, *COUNTED)),
    )


async def count_unknown(viewer: Viewer, narrowed: Narrowed, category_ids: frozenset[int] | None) -> int:
    """How many topics do not say what lists are narrowed by, and agree for the rest."""
    seen = viewer.rights.see if category_ids is None else viewer.rights.see & category_ids
    within, values = replace(narrowed, unknown=True).condition(0)
    rows = await sql(f"SELECT COUNT(*) AS n FROM topics t WHERE {_there(seen)}{within}", *values)
    return int(rows[0]["n"])


def _there(categories: frozenset[int]) -> str:
    """Topics of these categories. The plus keeps their index out: all that it finds would be sorted."""
    return f"t.deleted_at IS NULL AND +t.category_id IN ({ids(categories)})"


def _in_each(categories: frozenset[int], condition: str, limit: int) -> str:
    """Of each category no more than what the page can hold: a large theme costs no more."""
    newest = (
        f"SELECT id FROM (SELECT t.id FROM topics t WHERE t.deleted_at IS NULL AND t.category_id = {id}"
        f"{condition} {NEWEST_FIRST} {limit}) AS newest_in_{id}"
        for id in sorted(categories) or [0]
    )
    return f"t.id IN ({' UNION ALL '.join(newest)})"


def _below(before: Cursor | None, first: int) -> tuple[str, tuple[datetime, int] | tuple[()]]:
    """What stands below the cursor, and the arguments that this takes from the place `first` on."""
    if before is None:
        return "", ()
    text = f" AND (t.bumped_at < {{{first}}} OR (t.bumped_at = {{{first}}} AND t.id < {{{first + 1}}}))"
    return text, (before.bumped_at, before.topic_id)


async def _pinned(
    viewer: Viewer, where: str, values: tuple[object, ...], *, in_theme: bool
) -> list[TopicCard]:
    """What heads the list for this viewer; what is pinned in its theme only heads that theme's lists."""
    where += " AND t.pinned = true"
    if not in_theme:
        where += " AND t.pinned_in_theme IS NOT TRUE"
    if viewer.id is not None:
        where += f""" AND NOT EXISTS (SELECT 1 FROM topic_users cleared WHERE cleared.topic_id = t.id
            AND cleared.user_id = {viewer.id:d} AND cleared.cleared_pinned_at IS NOT NULL)"""
    found = await _rows(where, values, 10)
    return [topic for topic in map(topic_card, found) if topic.pinned]


async def _rows(where: str, values: tuple[object, ...], limit: int) -> list[dict[str, Any]]:
    return await sql(
        f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {where} {NEWEST_FIRST} {limit}", *values
    )


async def topics_of(viewer: Viewer, user_id: int, limit: int = 20) -> list[TopicCard]:
    """The topics that a member opened, as far as the viewer may see them, newest first."""
    rows = await sql(
        f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {_there(viewer.rights.see)}"
        f" AND t.user_id = {{0}} ORDER BY t.created_at DESC, t.id DESC LIMIT {limit}",
        user_id,
    )
    return [topic_card(row) for row in rows]


class AnswerLink(Struct, frozen=True):
    """A post of a member, as their profile lists it."""

    topic_id: int
    topic_slug: str
    number: int
    topic_title: str
    cooked: str
    accepted: bool
    created_at: datetime


async def answers_of(
    viewer: Viewer, user_id: int, *, accepted: bool = False, limit: int = 20
) -> list[AnswerLink]:
    """A member's replies in topics that the viewer may see, newest first.

    Args:
        accepted: those that were accepted as answers, and no others.
    """
    which = " AND a.id IS NOT NULL" if accepted else ""
    rows = await sql(
        f"""SELECT p.topic_id, t.slug AS topic_slug, p.post_number AS number, t.title AS topic_title,
            p.cooked, a.id IS NOT NULL AS accepted, p.created_at
            FROM posts p JOIN topics t ON t.id = p.topic_id LEFT JOIN accepted_answers a ON a.post_id = p.id
            WHERE {_there(viewer.rights.see)} AND p.user_id = {{0}} AND p.post_number > 1
            AND p.deleted_at IS NULL AND p.post_type = 1{which}
            ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}""",
        user_id,
    )
    return [
        AnswerLink(**{**row, "accepted": bool(row["accepted"]), "created_at": as_datetime(row["created_at"])})
        for row in rows
    ]

"""Lists of topics, paged by cursor: `before` is the last row's «bumped_at,id» of the page above."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.channels import LATEST, category_channel
from forum.live_positions import channels_of
from forum.reading.queries import ReadState, read_states
from forum.topics.queries import LIST_SIZE, TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from forum.web import LiveChannel
from realtime.sql import as_datetime, at_once, sql

FILTERS = {
    "latest": "",
    "unanswered": " AND t.kind = 'question' AND t.posts_count <= 1 AND NOT t.closed",
    "new": " AND NOT EXISTS (SELECT 1 FROM topic_users tu WHERE tu.topic_id = t.id AND tu.user_id = {me})",
    "unread": " AND EXISTS (SELECT 1 FROM topic_users tu WHERE tu.topic_id = t.id AND tu.user_id = {me}"
    " AND tu.notification_level >= 2 AND tu.last_read_post_number < t.highest_post_number)",
}


@dataclass(frozen=True, slots=True)
class Cursor:
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
            moment = datetime.fromisoformat(at)
            return cls(moment, int(topic_id)) if moment.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One page of a list, and where the next one starts (None: this was the last)."""

    topics: list[TopicCard]
    next: Cursor | None


async def topics_visible_to(
    viewer: Viewer,
    *,
    filter: str = "latest",
    category_ids: frozenset[int] | None = None,
    before: Cursor | None = None,
    limit: int = LIST_SIZE,
) -> TopicPage:
    """A page of topics, most recently bumped first; pinned ones head the first page.

    Args:
        filter: one of `FILTERS`; "new" and "unread" are empty for visitors.
        category_ids: only these categories (less those that the viewer may not see).
    """
    if filter in ("new", "unread") and not viewer.signed_in:
        return TopicPage([], None)
    where = _where(viewer, filter, category_ids)
    pinned = await _pinned(where) if before is None else []
    rows = await _rows(where, before, limit + 1)
    cards = [topic_card(row) for row in rows[:limit]]
    ends = Cursor(cards[-1].bumped_at, cards[-1].id) if len(rows) > limit else None
    return TopicPage(pinned + [topic for topic in cards if not topic.pinned], ends)


@dataclass(frozen=True, slots=True)
class ListFacts:
    """All that a list of topics shows to one viewer: read in one go, positions first."""

    topics: list[TopicCard]
    next: Cursor | None
    states: dict[int, ReadState]
    channels: tuple[LiveChannel, ...]

    def shown(self) -> tuple[object, ...]:
        """Whatever changes what the list shows changes one of these; a topic's version stands for its row."""
        rows = [(topic.id, topic.version, topic.pinned) for topic in self.topics]
        return (rows, str(self.next), self.states, self.channels)


async def list_facts(
    viewer: Viewer, filter: str, category_ids: frozenset[int] | None, before: Cursor | None
) -> ListFacts:
    """Read a page of a list; the arguments are those of `topics_visible_to`."""
    return await at_once(partial(_read_list, viewer, filter, category_ids, before))


async def _read_list(
    viewer: Viewer, filter: str, category_ids: frozenset[int] | None, before: Cursor | None
) -> ListFacts:
    channels = await channels_of(viewer, _channels_shown(viewer, category_ids) if before is None else [])
    found = await topics_visible_to(viewer, filter=filter, category_ids=category_ids, before=before)
    states = await read_states(viewer, [(topic.id, topic.highest_post_number) for topic in found.topics])
    return ListFacts(found.topics, found.next, states, channels)


def _channels_shown(viewer: Viewer, category_ids: frozenset[int] | None) -> list[str]:
    """A list listens to each channel that it shows: the open categories' through `latest`."""
    if category_ids is not None:
        return [category_channel(id) for id in sorted(category_ids)]
    return [LATEST, *(category_channel(id) for id in sorted(viewer.rights.see - viewer.themes.open_ids()))]


def _where(viewer: Viewer, filter: str, category_ids: frozenset[int] | None) -> str:
    seen = viewer.rights.see if category_ids is None else viewer.rights.see & category_ids
    condition = FILTERS[filter].format(me=viewer.id)
    return f"t.deleted_at IS NULL AND t.category_id IN ({ids(seen)}){condition}"


async def _pinned(where: str) -> list[TopicCard]:
    rows = await sql(
        f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {where} AND t.pinned"
        " ORDER BY t.bumped_at DESC, t.id DESC LIMIT 10"
    )
    return [topic for topic in map(topic_card, rows) if topic.pinned]


async def _rows(where: str, before: Cursor | None, limit: int) -> list[dict[str, Any]]:
    select = f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {where}"
    order = f" ORDER BY t.bumped_at DESC, t.id DESC LIMIT {limit}"
    if before is None:
        return await sql(select + order)
    below = " AND (t.bumped_at < {0} OR (t.bumped_at = {0} AND t.id < {1}))"
    return await sql(select + below + order, before.bumped_at, before.topic_id)


async def topics_of(viewer: Viewer, user_id: int, limit: int = 20) -> list[TopicCard]:
    """The topics that a member opened, as far as the viewer may see them, newest first."""
    rows = await sql(
        f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {_where(viewer, 'latest', None)}"
        f" AND t.user_id = {{0}} ORDER BY t.created_at DESC, t.id DESC LIMIT {limit}",
        user_id,
    )
    return [topic_card(row) for row in rows]


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """A post of a member, as their profile lists it."""

    topic_id: int
    topic_slug: str
    number: int
    topic_title: str
    cooked: str
    accepted: bool
    created_at: datetime


async def answers_of(viewer: Viewer, user_id: int, limit: int = 20) -> list[AnswerLink]:
    """A member's replies in topics that the viewer may see, newest first."""
    rows = await sql(
        f"""SELECT p.topic_id, t.slug AS topic_slug, p.post_number AS number, t.title AS topic_title,
            p.cooked, a.id IS NOT NULL AS accepted, p.created_at
            FROM posts p JOIN topics t ON t.id = p.topic_id LEFT JOIN accepted_answers a ON a.post_id = p.id
            WHERE {_where(viewer, "latest", None)} AND p.user_id = {{0}} AND p.post_number > 1
            AND p.deleted_at IS NULL AND p.post_type = 1
            ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}""",
        user_id,
    )
    return [
        AnswerLink(**{**row, "accepted": bool(row["accepted"]), "created_at": as_datetime(row["created_at"])})
        for row in rows
    ]

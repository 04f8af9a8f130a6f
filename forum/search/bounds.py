"""The bounds of a question (theme, tags, author, state, days) as conditions of the database."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.search.asked import Asked
from forum.tags.names import tag_key

# Of one question; more of them narrow nothing any more.
MOST_TAGS = 10


class Bounds(Struct, frozen=True):
    """The bounds as SQL conditions on the documents of topics and of posts, and the values in them."""

    topic: str
    post: str
    values: tuple[str, ...]


def bounds_of(viewer: Viewer, asked: Asked, first: int) -> Bounds:
    """The bounds of a question.

    Args:
        first: the number of the placeholder of the first value.
    """
    topic: list[str] = []
    keys = [tag_key(tag) for tag in asked.tags[:MOST_TAGS]]
    if asked.category:
        topic.append(f"b.category_id IN ({ids(_named(viewer, asked.category))})")
    topic += [
        f"EXISTS (SELECT 1 FROM topic_tags g WHERE g.topic_id = b.id AND g.key = {{{n}}})"
        for n in range(first, first + len(keys))
    ]
    topic += [STATE_CONDITIONS[state] for state in asked.states]
    if "pinned" in asked.places:
        topic.append("b.pinned")
    own, replies = list(topic), list(topic)
    if asked.user:
        author = f"(SELECT id FROM users WHERE username_lower = {{{first + len(keys)}}})"
        own.append(f"b.user_id = {author}")
        replies.append(f"q.user_id = {author}")
    for column, conditions in (("b", own), ("q", replies)):
        if asked.after:
            conditions.append(f"{column}.created_at >= '{asked.after.isoformat()}'")
        if asked.before:
            conditions.append(f"{column}.created_at < '{_day_after(asked.before)}'")
    return Bounds(
        _exists("topics b", "b.id = d.item_id", own),
        _exists("posts q JOIN topics b ON b.id = q.topic_id", "q.id = d.item_id", replies),
        (*keys, *([asked.user.lower()] if asked.user else [])),
    )


def _day_after(day: date) -> str:
    return (min(day, date.max - timedelta(days=1)) + timedelta(days=1)).isoformat()


STATE_CONDITIONS = {
    "solved": "b.accepted_count > 0",
    "unsolved": "b.accepted_count = 0 AND b.kind = 'question'",
    "open": "NOT b.closed",
    "closed": "b.closed",
    "noreplies": "b.posts_count <= 1",
}


def _exists(tables: str, same: str, conditions: Sequence[str]) -> str:
    if not conditions:
        return ""
    return f"AND EXISTS (SELECT 1 FROM {tables} WHERE {same} AND {' AND '.join(conditions)})"


def _named(viewer: Viewer, slug: str) -> frozenset[int]:
    """A theme by its slug (`parent:child` too) or number, with its sub-themes, if the viewer sees it."""
    last = slug.rpartition(":")[2].lower()
    cards = [viewer.themes.by_id[id] for id in viewer.rights.see if id in viewer.themes.by_id]
    found = {c.id for c in cards if c.slug.lower() == last or str(c.id) == last}
    return frozenset(found | {c.id for c in cards if c.parent_id in found})

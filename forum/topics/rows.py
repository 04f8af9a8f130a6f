"""Rows of a list: neutral, from the cache, with the viewer's reading state put into their slots."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from forum.cache import FragmentCache
from forum.reading.queries import ReadState
from forum.templating import Templates
from forum.topics.queries import TopicCard

ROWS: FragmentCache[str] = FragmentCache(16 * 1024 * 1024)
SLOT_END = "></topic-state>"


def rows_of(
    templates: Templates, locale: str, topics: Sequence[TopicCard], states: Mapping[int, ReadState]
) -> Markup:
    """The rows of a list for one viewer."""
    rows = "".join(_row(templates, locale, topic, states.get(topic.id)) for topic in topics)
    return Markup(rows)  # noqa: S704 - rendered by our partials


def _row(templates: Templates, locale: str, topic: TopicCard, state: ReadState | None) -> str:
    """Kept for all who have read as far."""
    mark = (state.new, state.unread, state.last_read) if state and (state.new or state.unread) else None
    key = (topic.id, topic.version, topic.pinned, locale, mark)
    row = ROWS.get(key)
    if row is None:
        row = templates.render("topics/_row.html", locale, topic=topic)
        if mark is not None:
            row = _marked(row, templates.render("topics/_state.html", locale, state=state, topic=topic))
        ROWS.put(key, row, 2 * len(row))
    return row


def _marked(row: str, mark: str) -> str:
    fresh = row.replace('<li class="topic"', '<li class="topic fresh"', 1)
    return fresh.replace(SLOT_END, f">{mark}</topic-state>", 1)

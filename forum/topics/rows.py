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
    return Markup("").join(
        Markup(_filled(templates, locale, topic, states.get(topic.id)))  # noqa: S704 - our partials
        for topic in topics
    )


def _filled(templates: Templates, locale: str, topic: TopicCard, state: ReadState | None) -> str:
    row = _row(templates, locale, topic)
    if state is None or not (state.new or state.unread):
        return row
    mark = templates.render("topics/_state.html", locale, state=state, topic=topic)
    fresh = row.replace('<li class="topic"', '<li class="topic fresh"', 1)
    return fresh.replace(SLOT_END, f">{mark}</topic-state>", 1)


def _row(templates: Templates, locale: str, topic: TopicCard) -> str:
    key = (topic.id, topic.version, topic.pinned, locale)
    row = ROWS.get(key)
    if row is None:
        row = templates.render("topics/_row.html", locale, topic=topic)
        ROWS.put(key, row, 2 * len(row))
    return row

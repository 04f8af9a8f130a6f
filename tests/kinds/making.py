"""Topics of a kind, made through the product's own actions."""

from itertools import count

from forum.accounts.viewer import Viewer
from forum.kinds.queries import details_of
from forum.kinds.registry import Details
from forum.topics.actions import open_topic
from forum.topics.queries import TopicCard, topic_visible_to
from tests.cast import Cast
from tests.kinds.details import FIELDS

_numbers = count(1)


async def a_topic(
    cast: Cast,
    kind: str,
    author: Viewer | None = None,
    *,
    private: bool = False,
    title: str = "",
    **typed: str,
) -> TopicCard:
    """Alice (or another) shares something of this kind; `typed` goes over what is typed anyway."""
    author = author or await cast.alice()
    theme = cast.private.id if private else cast.theme.id
    title = title or f"What we made of it, case {next(_numbers)}"
    raw = "Nobody knew who was heating what."
    made = await open_topic(author, theme, kind, title, raw, details={**FIELDS[kind], **typed})
    return await topic_visible_to(author, made.topic_id)


async def fields_of(topic: TopicCard) -> Details:
    """Its typed fields as they are now."""
    found = await details_of(topic.kind, topic.id)
    assert found is not None
    return found

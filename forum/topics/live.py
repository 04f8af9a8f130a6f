"""What a fact about a topic changes on its page and in lists."""

from forum.channels import public_lists
from forum.kinds.queries import details_of
from forum.live import Patch, Patches, prepend, presents, remove, render, replace, set_attribute
from forum.topics.queries import TopicCard, accepted_links, topic_in_channel


@presents("topic.created", "topic.recovered", on="list")
async def show_new_topic(topic_id: int, channel: str) -> Patches | None:
    """A row at the head of the list."""
    topic = await _topic_in_list(topic_id, channel)
    return [prepend("topics", _row(topic))] if topic else None


@presents(
    "topic.revised", "topic.closed", "topic.opened", "topic.pinned", "post.created", "post.deleted",
    "post.recovered", "posts.moved", "answer.accepted", "answer.unaccepted", on="list",
)  # fmt: skip
async def show_changed_row(topic_id: int, channel: str) -> Patches | None:
    """The row as it is now, where it stands."""
    topic = await _topic_in_list(topic_id, channel)
    return [replace(f"topic-{topic_id}", _row(topic))] if topic else None


@presents("topic.moved", on="list")
async def show_moved_row(
    topic_id: int, channel: str, category_id: int | None = None, from_category_id: int | None = None
) -> Patches:
    """The row as it is now: where it stood, or at the head of a list that did not have it.

    It goes from a list that has it no more. A page may show both the list that it left and the one that it
    came to, and hear of them in either order: a row that has come already is not taken away.
    """
    topic = await _topic_in_list(topic_id, channel)
    if topic is None:
        return [remove(f"topic-{topic_id}", from_category_id or category_id)]
    here = replace(f"topic-{topic_id}", _row(topic))
    return [here] if from_category_id else [here, prepend("topics", _row(topic))]


@presents("topic.deleted", on="list")
async def show_topic_gone(topic_id: int, channel: str) -> Patches:
    """No row any more."""
    return [remove(f"topic-{topic_id}")]


@presents(
    "topic.revised", "topic.pinned", "topic.deleted", "topic.recovered", on="topic",
)  # fmt: skip
async def show_head(topic_id: int) -> Patches:
    """The head of the topic's page: title, state."""
    topic = await topic_in_channel(topic_id)
    return [await head(topic), *await _details(topic)] if topic else []


async def _details(topic: TopicCard) -> Patches:
    """The typed fields as they are now."""
    details = await details_of(topic.kind, topic.id)
    if details is None or topic.deleted:
        return []
    return [
        replace(f"topic-{topic.id}-details", render(f"{details.kind.folder}/_card.html", details=details))
    ]


@presents("topic.closed", "topic.opened", on="topic")
async def show_closed_or_open(topic_id: int) -> Patches:
    """The head; and the composer goes or comes back, unless somebody is writing in it (the style sheet)."""
    topic = await topic_in_channel(topic_id)
    if topic is None:
        return []
    return [await head(topic), set_attribute("reply", "data-closed", "" if topic.closed else None)]


@presents("topic.moved", on="topic")
async def show_theme(topic_id: int) -> Patches:
    """The head, and the way to it."""
    topic = await topic_in_channel(topic_id)
    if topic is None:
        return []
    way = render("topics/_crumbs.html", topic=topic)
    return [await head(topic), replace(f"topic-{topic_id}-crumbs", way)]


@presents("topic.created", on="topic")
async def show_nothing(topic_id: int) -> Patches:
    """Nobody had the page of a topic that was not there."""
    return []


async def head(topic: TopicCard) -> Patch:
    """The head of a topic's page as a patch."""
    links = await accepted_links(topic.id)
    return replace(f"topic-{topic.id}-head", render("topics/_head.html", topic=topic, accepted=links))


async def _topic_in_list(topic_id: int, channel: str) -> TopicCard | None:
    """The topic, if this list still shows it: it may have been moved or deleted since the fact."""
    topic = await topic_in_channel(topic_id)
    shown = topic is not None and not topic.deleted and channel in await public_lists(topic.category_id)
    return topic if shown else None


def _row(topic: TopicCard) -> str:
    return render("topics/_row.html", topic=topic)

"""Who may do what with a topic. Pure: asked by actions, pages and channels alike."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class TopicFacts(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> int: ...
    @property
    def closed(self) -> bool: ...
    @property
    def deleted(self) -> bool: ...


class OwnedTopic(TopicFacts, Protocol):
    """A topic whose author is known."""

    @property
    def author_id(self) -> int: ...


def may_open_topic(viewer: Viewer, category_id: int) -> bool:
    """Members where their groups may create."""
    return viewer.may_create_in(category_id)


def may_reply(viewer: Viewer, topic: TopicFacts) -> bool:
    """Members where their groups may reply, while the topic is open."""
    return viewer.may_reply_in(topic.category_id) and not topic.closed and not topic.deleted


def may_edit_topic(viewer: Viewer, topic: OwnedTopic) -> bool:
    """The asker while it is open; whoever looks after the theme always."""
    if topic.deleted or not viewer.may_see(topic.category_id):
        return False
    own = viewer.id == topic.author_id and may_reply(viewer, topic)
    return own or viewer.moderates(topic.category_id)


def may_moderate(viewer: Viewer, topic: TopicFacts) -> bool:
    """Close, open, pin, move, delete, recover a topic: whoever looks after its theme."""
    return viewer.moderates(topic.category_id)

"""Who may come to a gathering, and who says what came out of it. Pure."""

from forum.accounts.viewer import Viewer
from forum.kinds.registry import Details
from forum.topics.permissions import OwnedTopic, may_edit_topic, may_reply


def may_come(viewer: Viewer, topic: OwnedTopic, details: Details) -> bool:
    """Whoever may reply there, until it is over or concluded."""
    return may_reply(viewer, topic) and details.state == "" and not details.over


def may_conclude(viewer: Viewer, topic: OwnedTopic, state: str) -> bool:
    """Whoever may edit the topic, once."""
    return may_edit_topic(viewer, topic) and state == ""

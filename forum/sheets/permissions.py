"""Who may ask for a sheet's fields, and draw a sheet from a thread. Pure."""

from forum.accounts.viewer import Viewer
from forum.topics.permissions import OwnedTopic, may_open_topic


def may_ask_field(viewer: Viewer, topic: OwnedTopic) -> bool:
    """Members who may reply there, but its author, who fills it in."""
    return (
        viewer.may_reply_in(topic.category_id)
        and viewer.id != topic.author_id
        and not (topic.deleted or topic.closed)
    )


def may_draw_sheet(viewer: Viewer, topic: OwnedTopic) -> bool:
    """Whoever may open a topic where the thread is."""
    return may_open_topic(viewer, topic.category_id) and not topic.deleted

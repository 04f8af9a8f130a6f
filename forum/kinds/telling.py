"""The fact that what a topic shows of its fields has changed."""

from forum.accounts.viewer import Viewer
from forum.channels import list_channels, topic_channel
from realtime.log import Record


def tell_topic(record: Record, viewer: Viewer, topic_id: int, category_id: int) -> None:
    """Its page and its rows follow."""
    for channel in (topic_channel(topic_id), *list_channels(viewer, category_id)):
        record(channel, "topic.revised", topic_id=topic_id)

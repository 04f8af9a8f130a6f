"""The channels, and their doorman: a channel is an audience.

Whoever may subscribe may see every event of it. A name that stands for nothing and a name that the
viewer may not know answer the same: no.
"""

from forum.accounts.viewer import Viewer
from forum.topics.queries import topic_in_channel

LATEST = "latest"


def topic_channel(topic_id: int) -> str:
    """What happens in one topic."""
    return f"topic:{topic_id}"


def category_channel(category_id: int) -> str:
    """Topics of one category, never of its sub-categories."""
    return f"category:{category_id}"


def user_channel(user_id: int) -> str:
    """What concerns one member: badge, alerts."""
    return f"user:{user_id}"


def list_channels(viewer: Viewer, category_id: int) -> list[str]:
    """Where a topic of this category shows in lists: its category, and `latest` if open to all."""
    channels = [category_channel(category_id)]
    if category_id in viewer.themes.open_ids():
        channels.append(LATEST)
    return channels


async def may_subscribe(viewer: Viewer, channel: str) -> bool:
    """The doorman: asked at subscribe and at recovery."""
    namespace, _, number = channel.partition(":")
    doorman = DOORMEN.get(namespace)
    if doorman is None or bool(number) != (namespace != LATEST):
        return False
    if number and not (number.isascii() and number.isdigit() and len(number) < 10 and number[0] != "0"):
        return False
    return await doorman(viewer, int(number or 0))


async def _may_hear_latest(viewer: Viewer, number: int) -> bool:
    return True


async def _may_hear_topic(viewer: Viewer, topic_id: int) -> bool:
    topic = await topic_in_channel(topic_id)
    return topic is not None and viewer.may_see(topic.category_id) and (viewer.staff or not topic.deleted)


async def _may_hear_category(viewer: Viewer, category_id: int) -> bool:
    return viewer.may_see(category_id)


async def _may_hear_member(viewer: Viewer, user_id: int) -> bool:
    return viewer.id == user_id


DOORMEN = {
    LATEST: _may_hear_latest,
    "topic": _may_hear_topic,
    "category": _may_hear_category,
    "user": _may_hear_member,
}

"""The channels, and their doorman: a channel is an audience.

Whoever may subscribe may see every event of it. A name that stands for nothing and a name that the
viewer may not know answer the same: no.
"""

from functools import partial

from forum.accounts.viewer import Viewer
from forum.categories.queries import Rights, Themes, site_version, themes
from forum.topics.queries import TopicCard, topic_in_channel
from realtime.policies import Identity, MayHear
from realtime.sql import at_once
from realtime.unchanged import Unchanged

LATEST = "latest"

# A crowd that comes back asks about the same topics.
_unchanged = Unchanged()


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


async def public_lists(category_id: int) -> list[str]:
    """The same as the themes are now, whoever looks."""
    open_to_all = category_id in (await themes(await site_version())).open_ids()
    return [category_channel(category_id), *([LATEST] if open_to_all else [])]


async def audience(channel: str) -> MayHear | None:
    """The doorman: who may hear a channel now, or None when it stands for nothing.

    What is returned is asked of memory, for each listener, whenever rights have changed.
    """
    namespace, _, number = channel.partition(":")
    doorman = DOORMEN.get(namespace)
    if doorman is None or bool(number) != (namespace != LATEST):
        return None
    if number and not (number.isascii() and number.isdigit() and len(number) < 10 and number[0] != "0"):
        return None
    return await doorman(int(number or 0))


async def _of_latest(number: int) -> MayHear | None:
    return lambda identity: True


async def _of_topic(topic_id: int) -> MayHear | None:
    read = partial(at_once, partial(_topic_and_themes, topic_id), brief=True)
    topic, now = await _unchanged.get(topic_id, read)
    return None if topic is None else partial(_may_hear_topic, now, topic)


async def _topic_and_themes(topic_id: int) -> tuple[TopicCard | None, Themes]:
    return await topic_in_channel(topic_id), await present_themes()


def _may_hear_topic(now: Themes, topic: TopicCard, identity: Identity) -> bool:
    viewer: Viewer = identity.data
    sees = topic.category_id in _rights(now, viewer).see
    return sees and (not topic.deleted or viewer.staff or _animates(now, viewer, topic.category_id))


def _animates(now: Themes, viewer: Viewer, category_id: int) -> bool:
    return viewer.silenced is None and category_id in now.animated_by(viewer.id, viewer.groups)


async def _of_category(category_id: int) -> MayHear | None:
    now = await present_themes()
    return lambda identity: category_id in _rights(now, identity.data).see


async def _of_member(user_id: int) -> MayHear | None:
    return lambda identity: identity.data.id == user_id


DOORMEN = {
    LATEST: _of_latest,
    "topic": _of_topic,
    "category": _of_category,
    "user": _of_member,
}


async def present_themes() -> Themes:
    """The categories as they are now, not as they were when a viewer was read."""
    return await themes(await site_version())


def _rights(now: Themes, viewer: Viewer) -> Rights:
    return now.rights(viewer.groups, all_seeing=viewer.admin)

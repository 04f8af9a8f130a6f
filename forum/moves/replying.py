"""A reply that was being typed while its topic was merged goes where the topic's posts are."""

from forum.accounts.viewer import Viewer
from forum.errors import Conflict, NotFound
from forum.moves.queries import Place, place_now
from forum.posts.actions import reply_to_topic
from forum.posts.new import NewPost
from forum.topics.queries import TopicCard, topic_visible_to


async def topic_to_answer(viewer: Viewer, topic_id: int) -> TopicCard:
    """The topic in which somebody replies; of one that went into another, that one.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    try:
        return await topic_visible_to(viewer, topic_id)
    except NotFound:
        merged = await place_now(viewer, topic_id, 1)
        if merged is None:
            raise
        return await topic_visible_to(viewer, merged.topic_id)


async def reply_after_merge(
    author: Viewer, topic_id: int, topic: TopicCard, raw: str, *, reply_to: int | None = None, key: str = ""
) -> NewPost:
    """Reply in a topic, or in the one into which it was merged, up to this moment.

    Args:
        topic_id: where the reply was typed.
        topic: what `topic_to_answer` found.

    Raises:
        Forbidden, Invalid, Conflict: as for replying.
    """
    if topic.id == topic_id and not topic.closed:
        try:
            return await reply_to_topic(author, topic, raw, reply_to=reply_to, key=key)
        except Conflict:
            if await place_now(author, topic_id, 1) is None:
                raise
    merged = await place_now(author, topic_id, 1)
    if merged is None:
        return await reply_to_topic(author, topic, raw, reply_to=reply_to, key=key)
    there = await topic_visible_to(author, merged.topic_id)
    above = await _answered(author, topic_id, reply_to, merged)
    return await reply_to_topic(author, there, raw, reply_to=above, key=key)


async def _answered(author: Viewer, topic_id: int, number: int | None, merged: Place) -> int | None:
    """The number there of the post that is answered."""
    place = await place_now(author, topic_id, number) if number else None
    return place.number if place and place.topic_id == merged.topic_id else None

"""The count of accepted answers that topics carry."""

from collections.abc import Awaitable, Callable

from realtime.sql import sql

Follower = Callable[[int], Awaitable[object]]
_followers: list[Follower] = []


def follows_accepted(follower: Follower) -> Follower:
    """Declare a step to be done when what a topic has to give may be other: called with the topic's id.

    That is when an answer is accepted, no longer so, deleted, recovered or moved, and when the post that
    opens the topic is hidden, brought back or moved.
    """
    _followers.append(follower)
    return follower


async def recount_accepted(topic_id: int) -> None:
    """Count a topic's accepted answers again, without deleted posts; the topic is already locked."""
    await sql(
        """UPDATE topics SET accepted_count = (SELECT COUNT(*) FROM accepted_answers a
                JOIN posts p ON p.id = a.post_id WHERE a.topic_id = {0} AND p.deleted_at IS NULL)
            WHERE id = {0}""",
        topic_id,
    )
    for follower in _followers:
        await follower(topic_id)

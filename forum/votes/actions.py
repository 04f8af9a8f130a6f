"""Votes are set, not toggled: the same request twice has the effect of one."""

from forum.accounts.viewer import Viewer
from forum.channels import topic_channel
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.posts.permissions import may_vote
from forum.posts.queries import PostAt
from forum.votes.steps import add_likes
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def set_vote(voter: Viewer, post: PostAt, value: int) -> int:
    """Set the member's vote on a post: +1, −1, or 0 to withdraw it. Returns the post's new score.

    Raises:
        Invalid: another value. Forbidden: one's own post, closed topic. Conflict: closed meanwhile.
    """
    if value not in (-1, 0, 1):
        raise Invalid(fields={"value": _("A vote is +1, -1 or 0.")})
    require(may_vote(voter, post), _("You may not vote on this post."))

    async def change(record: Record) -> int:
        await _lock_open_topic(post.topic_id)
        await _store(voter.member_id, post.id, value)
        score = await _count(post)
        record(
            topic_channel(post.topic_id),
            "vote.changed",
            topic_id=post.topic_id,
            post_id=post.id,
            post_number=post.number,
        )
        return score

    return await log.write(change)


async def _lock_open_topic(topic_id: int) -> None:
    rows = await sql(
        """UPDATE topics SET version = version + 1
            WHERE id = {0} AND NOT closed AND deleted_at IS NULL RETURNING id""",
        topic_id,
    )
    if not rows:
        raise Conflict(_("This topic has just been closed."))


async def _store(user_id: int, post_id: int, value: int) -> None:
    if value == 0:
        await sql("DELETE FROM votes WHERE post_id = {0} AND user_id = {1}", post_id, user_id)
        return
    await sql(
        """INSERT INTO votes (post_id, user_id, value, created_at) VALUES ({0}, {1}, {2}, {3})
            ON CONFLICT (post_id, user_id) DO UPDATE SET value = {2}""",
        post_id,
        user_id,
        value,
        now(),
    )


async def _count(post: PostAt) -> int:
    """Count the post's votes again rather than add: under the topic's lock the sum is exact.

    What the topic carries moves by the difference: a long one has thousands of posts.
    """
    before = await sql("SELECT up_count, deleted_at FROM posts WHERE id = {0}", post.id)
    rows = await sql(
        """UPDATE posts SET score = (SELECT COALESCE(SUM(value), 0) FROM votes WHERE post_id = {0})
                    + former_ups - former_downs,
                up_count = (SELECT COUNT(*) FROM votes WHERE post_id = {0} AND value = 1) + former_ups
            WHERE id = {0} RETURNING score, up_count""",
        post.id,
    )
    if before[0]["deleted_at"] is None:
        await add_likes(post.topic_id, rows[0]["up_count"] - before[0]["up_count"])
    return int(rows[0]["score"])

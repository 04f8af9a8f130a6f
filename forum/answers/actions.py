"""Accepted answers, marked and unmarked by the asker; several are possible."""

from forum.accounts.viewer import Viewer
from forum.answers.steps import recount_accepted
from forum.channels import list_channels, topic_channel
from forum.clock import now
from forum.errors import Conflict, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.notifications.actions import notify_accepted
from forum.posts.new import NewPost
from forum.posts.permissions import may_accept
from forum.posts.queries import PostAt
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def accept_answer(accepter: Viewer, post: PostAt) -> None:
    """Mark a reply as an answer; its author is told. Marking it twice has the effect of once.

    Raises:
        Forbidden: neither the asker nor whoever looks after the theme, or not a reply to a question.
        Conflict: the topic or the post was deleted a moment ago.
    """
    require(may_accept(accepter, post), _("Only the person who asked may accept an answer."))
    async with log.transaction() as record:
        await _lock(post)
        rows = await sql(
            """INSERT INTO accepted_answers (topic_id, post_id, accepter_id, post_version, created_at)
                VALUES ({0}, {1}, {2}, {3}, {4}) ON CONFLICT (post_id) DO NOTHING RETURNING id""",
            post.topic_id,
            post.id,
            accepter.member_id,
            post.version,
            now(),
        )
        if rows:
            await recount_accepted(post.topic_id)
            await notify_accepted(_about(post, accepter), record)
            await _note_if_not_asker(accepter, Act.ACCEPT_ANSWER, post)
            _tell(record, accepter, post, "answer.accepted")


async def unaccept_answer(accepter: Viewer, post: PostAt) -> None:
    """Take the mark away again.

    Raises:
        Forbidden, Conflict: as for accepting.
    """
    require(may_accept(accepter, post), _("Only the person who asked may accept an answer."))
    async with log.transaction() as record:
        await _lock(post)
        if await sql("DELETE FROM accepted_answers WHERE post_id = {0} RETURNING id", post.id):
            await recount_accepted(post.topic_id)
            await _note_if_not_asker(accepter, Act.UNACCEPT_ANSWER, post)
            _tell(record, accepter, post, "answer.unaccepted")


async def _lock(post: PostAt) -> None:
    rows = await sql(
        "UPDATE topics SET version = version + 1 WHERE id = {0} AND deleted_at IS NULL RETURNING category_id",
        post.topic_id,
    )
    if rows and rows[0]["category_id"] != post.category_id:
        raise Conflict(_("This topic has just been moved. Try again."))
    if not rows or await sql("SELECT 1 FROM posts WHERE id = {0} AND deleted_at IS NOT NULL", post.id):
        raise Conflict(_("This answer has just been deleted."))


async def _note_if_not_asker(accepter: Viewer, act: Act, post: PostAt) -> None:
    """Whoever decides in the asker's place is written down."""
    if accepter.id != post.topic_author_id:
        await note(accepter.id, act, topic_id=post.topic_id, post_id=post.id)


def _about(post: PostAt, accepter: Viewer) -> NewPost:
    return NewPost(
        post.id,
        post.topic_id,
        post.category_id,
        post.number,
        accepter.member_id,
        replied_to=frozenset({post.author_id}),
    )


def _tell(record: Record, viewer: Viewer, post: PostAt, kind: str) -> None:
    for channel in (topic_channel(post.topic_id), *list_channels(viewer, post.category_id)):
        record(channel, kind, topic_id=post.topic_id, post_id=post.id, post_number=post.number)

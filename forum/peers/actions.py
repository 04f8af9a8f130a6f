"""A question is put to peers: counted in one transaction, told by a job after it."""

from functools import partial

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Forbidden, TooMany, require
from forum.i18n import gettext as _
from forum.notifications.actions import BATCH, notify_peers
from forum.organisations.members import is_verified_in, memberships_of
from forum.peers.permissions import may_ask_peers
from forum.peers.queries import asked_about, limited_until, peers_for
from forum.peers.words import limit_words
from forum.posts.new import NewPost
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def ask_peers(asker: Viewer, topic: TopicCard) -> int:
    """Put one's own open question to members of organisations like one's own who follow its theme.

    Returns:
        how many people are told.

    Raises:
        Forbidden: not one's own open question, or one is verified in no organisation.
        TooMany: one has asked as often as one may this week, oneself or one's organisation.
        Conflict: it was asked already, it was closed or moved a moment ago, or there is nobody to ask.
    """
    require(may_ask_peers(asker, topic), _("Only whoever asks an open question puts it to their peers."))
    speaks_for = next((one for one in await memberships_of(asker) if one.verified), None)
    if speaks_for is None:
        raise Forbidden(not_verified())
    organisation_id = speaks_for.organisation_id
    async with log.transaction():
        await _lock(asker, topic, organisation_id)
        await _require_possible(asker, topic, organisation_id)
        peers = await peers_for(topic.id, topic.category_id, organisation_id, asker.member_id)
        if not peers.people:
            raise Conflict(nobody_to_ask())
        rows = await sql(
            """INSERT INTO peer_requests (topic_id, organisation_id, user_id, organisations, people,
                    created_at)
                VALUES ({0}, {1}, {2}, {3}, {4}, {5}) RETURNING id""",
            topic.id, organisation_id, asker.member_id, peers.organisations, len(peers.people), now(),
        )  # fmt: skip
        await jobs.enqueue("tell_peers", request_id=rows[0]["id"])
    return len(peers.people)


def not_verified() -> str:
    """The refusal, with the ways out of it."""
    return _(
        "Only a verified member of an organisation asks its peers. Show in your preferences that you work "
        "there: by your mail address, by a code sent to its official address, or by two colleagues."
    )


def nobody_to_ask() -> str:
    """Why nobody would be told."""
    return _("Nobody of an organisation like yours follows this theme yet.")


async def _lock(asker: Viewer, topic: TopicCard, organisation_id: int) -> None:
    """Requests of one organisation, and of one member, come one after the other.

    Raises:
        Conflict: the organisation was merged, or the question closed, moved or solved a moment ago.
    """
    there = await sql(
        "UPDATE organisations SET id = id WHERE id = {0} AND merged_into_id IS NULL RETURNING id",
        organisation_id,
    )
    await sql("UPDATE users SET id = id WHERE id = {0}", asker.member_id)
    open_still = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1} AND NOT closed
            AND deleted_at IS NULL AND accepted_count = 0 RETURNING id""",
        topic.id,
        topic.category_id,
    )
    if not (there and open_still):
        raise Conflict(_("This has just been changed. Look at it again."))


async def _require_possible(asker: Viewer, topic: TopicCard, organisation_id: int) -> None:
    """
    Raises:
        Conflict: it was asked already. Forbidden: no longer verified. TooMany: a limit is reached.
    """
    if await asked_about(topic.id):
        raise Conflict(_("Your peers have been asked already: once for each question."))
    if not await is_verified_in(asker, organisation_id):
        raise Forbidden(not_verified())
    if possible_at := await limited_until(asker.member_id, organisation_id):
        wait = max(1, int((possible_at - now()).total_seconds()))
        raise TooMany(limit_words(wait), wait, "ask_peers")


async def tell_peers(request_id: int) -> None:
    """The job: an alert for each, a hundred a transaction; may be run again. Rights are asked anew."""
    rows = await sql(
        """SELECT r.organisation_id, p.id, p.topic_id, t.category_id, r.user_id AS author_id
            FROM peer_requests r JOIN topics t ON t.id = r.topic_id
            JOIN posts p ON p.topic_id = t.id AND p.post_number = 1
            WHERE r.id = {0} AND t.deleted_at IS NULL AND p.deleted_at IS NULL""",
        request_id,
    )
    for row in rows:
        post = NewPost(row["id"], row["topic_id"], row["category_id"], 1, row["author_id"])
        peers = await peers_for(post.topic_id, post.category_id, row["organisation_id"], post.author_id)
        for first in range(0, len(peers.people), BATCH):
            await log.write(partial(notify_peers, post, peers.people[first : first + BATCH]))

"""Items of the queue claimed, decided, appealed. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, gathered, require, require_none
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.notifications.models import NotificationType
from forum.posts.actions import bring_back, take_away
from forum.posts.queries import PostAt, post_of_staff
from forum.posts.text import check_note
from forum.reviewables.claims import lapsed, take_in_hand
from forum.reviewables.models import Decision, Kind
from forum.reviewables.permissions import may_decide, may_remove_post, may_remove_topic
from forum.reviewables.queries import CaseCard, case_visible_to, has_colleagues
from forum.reviewables.steps import tell_member, tell_reviewers
from forum.sweeps.actions import undo_appealed_sweep
from forum.topics.actions import bring_topic_back, take_topic_away
from forum.topics.queries import TopicCard
from realtime import log
from realtime.log import Record
from realtime.sql import sql

ABOUT_FLAGS = (Decision.HIDE, Decision.DELETE, Decision.DISAGREE, Decision.IGNORE)
ABOUT_APPEALS = (Decision.UPHOLD, Decision.OVERTURN)
# The author is told of these, with the reason.
TOLD = (Decision.HIDE, Decision.DELETE, Decision.UPHOLD, Decision.OVERTURN)


async def claim_case(moderator: Viewer, case: CaseCard) -> None:
    """Hold an item for fifteen minutes, so that two do not look at it at once.

    Raises:
        Forbidden: may not decide it. Conflict: somebody else holds it, or it was decided a moment ago.
    """
    await _require_judge(moderator, case)
    async with log.transaction() as record:
        await take_in_hand("reviewables", "open_post_id IS NOT NULL", case.id, moderator.member_id)
        await tell_reviewers(record, case.topic_id, case.author_id)


async def _require_judge(moderator: Viewer, case: CaseCard) -> None:
    colleagues = await has_colleagues(moderator, case)
    sentence = _("An appeal is decided by somebody else than the first decision.")
    require(may_decide(moderator, case, has_colleagues=colleagues), sentence)


async def decide_case(moderator: Viewer, case: CaseCard, decision: str, reason: str) -> None:
    """Decide an item: the post goes, stays or comes back; its author and those who reported it are told.

    Args:
        decision: a value of `Decision`, of those that the item's kind has.
        reason: for the author; needed when the author is told.

    Raises:
        Forbidden: may not decide it. Invalid: no decision, no reason.
        Conflict: a colleague holds it, or has decided it a moment ago.
    """
    await _require_judge(moderator, case)
    ruling, words = _check(case, decision, reason)
    async with log.transaction() as record:
        await _close(moderator, case, ruling, words)
        await _carry_out(record, moderator, case, ruling, words)
        await _tell(record, case, ruling)


def _check(case: CaseCard, decision: str, reason: str) -> tuple[Decision, str]:
    faults, words = dict[str, str](), ""
    if decision not in (ABOUT_APPEALS if case.kind is Kind.APPEAL else ABOUT_FLAGS):
        faults["decision"] = _("Choose a decision.")
    with gathered(faults):
        words = check_note(reason, "reason", needed=decision in TOLD)
    require_none(faults)
    return Decision(decision), words


async def _close(moderator: Viewer, case: CaseCard, ruling: Decision, reason: str) -> None:
    """The first one decides; flags that are being raised at this moment are in the item already."""
    rows = await sql(
        """UPDATE reviewables SET decision = {2}, reason = {3}, decided_by_id = {1}, decided_at = {4},
                open_post_id = NULL
            WHERE id = {0} AND open_post_id IS NOT NULL
            AND (claimed_by_id IS NULL OR claimed_by_id = {1} OR claimed_at < {5}) RETURNING id""",
        case.id,
        moderator.member_id,
        ruling.value,
        reason,
        now(),
        lapsed(),
    )
    if not rows:
        raise Conflict(_("A colleague has taken this item in hand or decided it a moment ago."))


async def _carry_out(
    record: Record, moderator: Viewer, case: CaseCard, ruling: Decision, reason: str
) -> None:
    post = await post_of_staff(case.post_id)
    taken = case.first.decision if case.first else ruling
    if ruling in (Decision.HIDE, Decision.DELETE):
        if ruling is Decision.DELETE and post.number == 1:
            await take_topic_away(record, moderator, post.topic_id, reason=reason)
        else:
            await take_away(record, moderator, post, hidden=ruling is Decision.HIDE, reason=reason)
    elif ruling is Decision.OVERTURN:
        if taken is Decision.DELETE and post.number == 1:
            await bring_topic_back(record, moderator, post.topic_id, reason=reason)
        else:
            await bring_back(record, moderator, post, reason=reason)
        await undo_appealed_sweep(moderator, case.id)
    else:
        act = {Decision.DISAGREE: Act.DISAGREE_WITH_FLAG, Decision.IGNORE: Act.IGNORE_FLAG}
        await note(
            moderator.id,
            act.get(ruling, Act.UPHOLD_DECISION),
            topic_id=post.topic_id,
            post_id=post.id,
            details={"reason": reason},
        )


async def _tell(record: Record, case: CaseCard, ruling: Decision) -> None:
    """The author, if something was done to the post; whoever reported it; and the queue's readers."""
    if ruling in TOLD:
        first = NotificationType.MODERATED if case.first is None else NotificationType.APPEAL_DECIDED
        await tell_member(record, case.author_id, first, case.post_id)
    if case.kind is Kind.FLAGGED_POST:
        rows = await sql("SELECT user_id FROM flags WHERE reviewable_id = {0} ORDER BY user_id", case.id)
        for row in rows:
            await tell_member(record, row["user_id"], NotificationType.FLAG_DECIDED, case.post_id)
    await tell_reviewers(record, case.topic_id, case.author_id)


async def remove_post(moderator: Viewer, post: PostAt, reason: str) -> None:
    """Delete a reply of somebody else's, reported or not: its author is told why, and may appeal once.

    Raises:
        Forbidden: one's own, or a theme that one does not look after. Invalid: no reason.
        Conflict: it was deleted a moment ago, or a colleague has it in hand.
    """
    require(may_remove_post(moderator, post), _("You may not delete this post."))
    words = check_note(reason, "reason", needed=True)
    gone = "SELECT 1 FROM posts WHERE id = {0} AND deleted_at IS NOT NULL"
    await _remove(moderator, post.id, words, gone, _("This post has just been deleted."))


async def remove_topic(moderator: Viewer, topic: TopicCard, reason: str) -> None:
    """Delete a topic of somebody else's, reported or not: its author is told why, and may appeal once.

    Raises:
        Forbidden: one's own, or a theme that one does not look after. Invalid: no reason.
        Conflict: it was deleted a moment ago, or a colleague has it in hand.
    """
    require(may_remove_topic(moderator, topic), _("You may not delete this topic."))
    words = check_note(reason, "reason", needed=True)
    (first,) = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    gone = """SELECT 1 FROM topics t JOIN posts p ON p.topic_id = t.id
        WHERE p.id = {0} AND t.deleted_at IS NOT NULL"""
    await _remove(moderator, first["id"], words, gone, _("This topic has just been deleted."))


async def _remove(moderator: Viewer, post_id: int, reason: str, gone: str, sentence: str) -> None:
    """An item of the queue that is decided as it is made; that of those who reported it, if there is one."""
    async with log.transaction() as record:
        item = await _open_item(post_id)
        if await sql(gone, post_id):
            raise Conflict(sentence)
        case = await case_visible_to(moderator, item)
        if case.kind is Kind.APPEAL:
            raise Conflict(_("An appeal about this post waits in the queue: decide it there."))
        await _close(moderator, case, Decision.DELETE, reason)
        await _carry_out(record, moderator, case, Decision.DELETE, reason)
        await _tell(record, case, Decision.DELETE)


async def _open_item(post_id: int) -> int:
    """The post's open item, or a new one that nobody reported; who removes it too waits here."""
    rows = await sql(
        """INSERT INTO reviewables (kind, post_id, open_post_id, flags_count, created_at, reason, message)
            VALUES ({0}, {1}, {1}, 0, {2}, '', '')
            ON CONFLICT (open_post_id) DO UPDATE SET open_post_id = excluded.open_post_id RETURNING id""",
        Kind.FLAGGED_POST.value,
        post_id,
        now(),
    )
    return int(rows[0]["id"])


async def appeal_ruling(author: Viewer, case: CaseCard, message: str) -> None:
    """Ask for a second look at a decision about one's own post: once.

    Raises:
        Forbidden: not one's own post. Invalid: nothing said. Conflict: appealed before, or back already.
    """
    require(author.signed_in and author.id == case.author_id)
    words = check_note(message, "message", needed=True)
    async with log.transaction() as record:
        rows = await sql(
            """INSERT INTO reviewables (kind, post_id, open_post_id, flags_count, created_at, reason,
                    appeal_of_id, message)
                SELECT {0}, p.id, p.id, 0, {2}, '', {3}, {4} FROM posts p JOIN topics t ON t.id = p.topic_id
                WHERE p.id = {1} AND (p.deleted_at IS NOT NULL OR t.deleted_at IS NOT NULL)
                ON CONFLICT DO NOTHING RETURNING id""",
            Kind.APPEAL.value,
            case.post_id,
            now(),
            case.id,
            words,
        )
        if not rows:
            raise Conflict(_("You have appealed this decision already, or your post is back."))
        await tell_reviewers(record, case.topic_id, case.author_id)

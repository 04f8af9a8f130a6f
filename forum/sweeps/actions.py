"""All posts of an account deleted, and brought back: one act each, carried out by a job in small parts."""

from datetime import UTC, datetime
from typing import Any

from forum import jobs
from forum.accounts.permissions import may_suspend
from forum.accounts.queries import standing_of, viewer_of_id
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.notifications.models import NotificationType
from forum.posts.actions import bring_back, take_away
from forum.posts.queries import post_of_staff
from forum.posts.text import check_note
from forum.reviewables.models import Decision, Kind
from forum.reviewables.steps import tell_member
from forum.sweeps.queries import UNDO_WITHIN, Written, visible_posts, written_by
from forum.topics.actions import bring_topic_back, take_topic_away
from realtime import log
from realtime.log import Record
from realtime.sql import sql

# Posts a transaction: their topics are locked meanwhile.
BATCH = 20


async def delete_posts_of(moderator: Viewer, user_id: int, reason: str, *, typed: str, username: str) -> int:
    """Delete all that a member has written, where the moderator may look; the act's number.

    What they write from now on stays. The posts go within seconds, by a job.

    Args:
        reason: the member reads it, and may appeal once.
        typed: the member's user name, typed to confirm.

    Raises:
        NotFound: no such account. Forbidden: not staff, or an account that one may not suspend.
        Invalid: no reason, another name; or there is nothing to delete.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not delete this member’s posts."))
    words = _check(reason, typed, username)
    async with log.transaction() as record:
        await _begin_alone(user_id)
        written = await written_by(moderator, user_id)
        if written.latest_post_id is None:
            raise Invalid(fields={"confirmation": _("There is nothing to delete.")})
        ruling = await _rule(moderator, written.latest_post_id, words)
        sweep_id = await _begin(moderator, user_id, ruling, words, written)
        await jobs.enqueue("delete_posts_of", sweep_id=sweep_id)
        await tell_member(record, user_id, NotificationType.MODERATED, written.latest_post_id)
        details: dict[str, Detail] = {"posts": written.posts, "topics": written.topics, "reason": words}
        await note(moderator.id, Act.DELETE_POSTS_OF_USER, user_id=user_id, details=details)
    return sweep_id


async def _begin_alone(user_id: int) -> None:
    """One act about an account at a time.

    Raises:
        Conflict: another one is under way.
    """
    await sql("UPDATE users SET id = id WHERE id = {0}", user_id)
    if await sql(
        "SELECT 1 FROM sweeps WHERE user_id = {0} AND finished_at IS NULL AND undone_at IS NULL", user_id
    ):
        raise Conflict(_("These posts are being deleted already."))


def _check(reason: str, typed: str, username: str) -> str:
    """The reason; every fault at once."""
    faults, words = dict[str, str](), ""
    try:
        words = check_note(reason, "reason", needed=True)
    except Invalid as fault:
        faults |= fault.fields
    if typed.strip().lower() != username.lower():
        faults["confirmation"] = _("Type the member’s user name: %(name)s.") % {"name": username}
    if faults:
        raise Invalid(fields=faults)
    return words


async def _rule(moderator: Viewer, post_id: int, reason: str) -> int:
    """The decision that the member reads, about the latest of the posts."""
    rows = await sql(
        """INSERT INTO reviewables (kind, post_id, flags_count, created_at, decision, decided_by_id,
                decided_at, reason, message)
            VALUES ({0}, {1}, 0, {2}, {3}, {4}, {2}, {5}, '') RETURNING id""",
        Kind.FLAGGED_POST.value,
        post_id,
        now(),
        Decision.DELETE.value,
        moderator.member_id,
        reason,
    )
    return int(rows[0]["id"])


async def _begin(moderator: Viewer, user_id: int, ruling: int, reason: str, written: Written) -> int:
    rows = await sql(
        """INSERT INTO sweeps (user_id, by_id, ruling_id, reason, posts_count, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}) RETURNING id""",
        user_id,
        moderator.member_id,
        ruling,
        reason,
        written.posts,
        now(),
    )
    return int(rows[0]["id"])


async def carry_out(sweep_id: int) -> None:
    """The job: delete the posts, a few a transaction; it may be run again from wherever it stopped."""
    while await _delete_some(sweep_id):
        pass


async def _delete_some(sweep_id: int) -> bool:
    """False when nothing is left to do, the act was undone, or whoever began it is no moderator any more."""
    async with log.transaction() as record:
        sweep = await _hold(sweep_id, "undone_at IS NULL AND finished_at IS NULL")
        moderator = await viewer_of_id(sweep["by_id"], "fr") if sweep else None
        if sweep is None or moderator is None or not moderator.staff:
            return False
        found = await sql(
            f"""SELECT p.id, p.post_number, p.topic_id FROM {visible_posts(moderator)}
                AND p.created_at <= {{1}} ORDER BY p.topic_id, p.post_number LIMIT {BATCH}""",
            sweep["user_id"],
            sweep["created_at"],
        )
        for row in found:
            await _take_away(record, moderator, sweep_id, row)
        if not found:
            await sql("UPDATE sweeps SET finished_at = {1} WHERE id = {0}", sweep_id, now())
        return bool(found)


async def _hold(sweep_id: int, still: str) -> dict[str, Any] | None:
    """Take the act's lock, so that doing and undoing wait for each other."""
    rows = await sql(
        f"UPDATE sweeps SET id = id WHERE id = {{0}} AND {still} RETURNING user_id, by_id, created_at",
        sweep_id,
    )
    return rows[0] if rows else None


async def _take_away(record: Record, moderator: Viewer, sweep_id: int, row: dict[str, Any]) -> None:
    """A reply alone; the post that opens a topic with its topic, and so with the replies in it."""
    post = await post_of_staff(row["id"])
    if post.topic_deleted:
        return
    await sql("INSERT INTO swept_posts (sweep_id, post_id) VALUES ({0}, {1})", sweep_id, post.id)
    if post.number == 1:
        await take_topic_away(record, moderator, post.topic_id, noted=False)
    else:
        await take_away(record, moderator, post, noted=False)


async def recover_posts_of(moderator: Viewer, user_id: int, sweep_id: int) -> None:
    """Bring back what an act has deleted, within thirty days.

    Raises:
        NotFound: no such account, no such act. Forbidden: as for deleting.
        Conflict: it was undone a moment ago, or too long ago.
    """
    require(may_suspend(moderator, await standing_of(user_id)), _("You may not delete this member’s posts."))
    async with log.transaction():
        if not await sql("SELECT 1 FROM sweeps WHERE id = {0} AND user_id = {1}", sweep_id, user_id):
            raise NotFound
        if not await undo_sweep(moderator, sweep_id, since=now() - UNDO_WITHIN):
            raise Conflict(_("This has been undone already, or is too long ago."))


async def undo_sweep(moderator: Viewer, sweep_id: int, *, since: datetime) -> bool:
    """A step of bringing back, and of deciding an appeal; False if the act is older than that, or undone."""
    rows = await sql(
        """UPDATE sweeps SET undone_at = {1} WHERE id = {0} AND undone_at IS NULL AND created_at > {2}
            RETURNING user_id, posts_count""",
        sweep_id,
        now(),
        since,
    )
    for row in rows:
        await jobs.enqueue("recover_posts_of", sweep_id=sweep_id, by_id=moderator.member_id)
        details = {"posts": row["posts_count"]}
        await note(moderator.id, Act.RECOVER_POSTS_OF_USER, user_id=row["user_id"], details=details)
    return bool(rows)


async def undo_appealed_sweep(moderator: Viewer, appeal_id: int) -> None:
    """A step of overturning a decision: if it was about all posts of an account, all come back."""
    rows = await sql(
        """SELECT s.id FROM sweeps s JOIN reviewables a ON a.appeal_of_id = s.ruling_id
            WHERE a.id = {0}""",
        appeal_id,
    )
    for row in rows:
        await undo_sweep(moderator, row["id"], since=datetime.min.replace(tzinfo=UTC))


async def bring_all_back(sweep_id: int, by_id: int) -> None:
    """The job: recover the posts, a few a transaction; it may be run again from wherever it stopped."""
    moderator = await viewer_of_id(by_id, "fr")
    while moderator is not None and await _recover_some(moderator, sweep_id):
        pass


async def _recover_some(moderator: Viewer, sweep_id: int) -> bool:
    async with log.transaction() as record:
        if await _hold(sweep_id, "undone_at IS NOT NULL") is None:
            return False
        found = await sql(
            f"""DELETE FROM swept_posts WHERE id IN (SELECT s.id FROM swept_posts s
                JOIN posts p ON p.id = s.post_id WHERE s.sweep_id = {{0}}
                ORDER BY p.topic_id, p.post_number LIMIT {BATCH}) RETURNING post_id""",
            sweep_id,
        )
        for row in found:
            await _bring_back(record, moderator, row["post_id"])
        return bool(found)


async def _bring_back(record: Record, moderator: Viewer, post_id: int) -> None:
    """Unless moderation has taken it away for another reason meanwhile."""
    post = await post_of_staff(post_id)
    if post.number == 1 and not post.deleted:
        await bring_topic_back(record, moderator, post.topic_id, noted=False)
    elif not post.hidden:
        await bring_back(record, moderator, post, noted=False)

"""Saying that something still holds, until when, or what has replaced it. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.channels import list_channels, topic_channel
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.freshness.alerts import settle
from forum.freshness.periods import CHOICES, add_months
from forum.freshness.permissions import may_confirm, may_date, may_supersede
from forum.freshness.queries import Dated, dated_posts
from forum.freshness.steps import lock_topic, mark_topic, tell
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.topics.queries import TopicCard
from realtime import log
from realtime.log import Record
from realtime.sql import dialect, sql

MOST_STEPS = 1000


async def confirm(member: Viewer, dated: Dated) -> bool:
    """It still holds: its date is a whole period from now; False if it was confirmed a moment ago.

    Raises:
        Forbidden: neither who wrote it nor who took it up.
        Conflict: moved, deleted or no longer accepted since a moment.
    """
    sentence = _("Whoever wrote it confirms it, or whoever did the same at their organisation.")
    require(may_confirm(member, dated), sentence)
    async with log.transaction() as record:
        await lock_topic(dated)
        if (await _now(dated)).since != dated.since:
            return False
        await sql(
            """INSERT INTO review_dates (post_id, months, due_at, confirmed_at, confirmed_by_id)
                VALUES ({0}, {1}, {2}, {3}, {4}) ON CONFLICT (post_id) DO UPDATE SET
                due_at = excluded.due_at, asked_at = NULL, confirmed_at = excluded.confirmed_at,
                confirmed_by_id = excluded.confirmed_by_id""",
            dated.post_id,
            dated.months,
            add_months(now(), dated.months),
            now(),
            member.member_id,
        )
        await _follow(record, member, dated)
    return True


async def _now(dated: Dated) -> Dated:
    """The same under the topic's lock."""
    found = await dated_posts([dated.post_id])
    if not found:
        raise Conflict(_("This has just been deleted, or is no longer an accepted answer."))
    return found[0]


async def _follow(record: Record, viewer: Viewer, dated: Dated) -> None:
    """The topic's mark, the alert of whoever wrote it, and the fact."""
    await mark_topic(dated.topic_id)
    await settle(record, dated.author_id)
    tell(record, [topic_channel(dated.topic_id), *list_channels(viewer, dated.category_id)], dated)


async def set_period(member: Viewer, dated: Dated, months: int) -> None:
    """Ask again after another number of months, counted from the last confirmation.

    Args:
        months: one of `CHOICES`.

    Raises:
        Forbidden: not who wrote it. Conflict: as for confirming. Invalid: none of the choices.
    """
    require(may_date(member, dated), _("Only whoever wrote it may choose its date."))
    if months not in CHOICES:
        raise Invalid(fields={"months": _("Choose one of the list.")})
    async with log.transaction() as record:
        await lock_topic(dated)
        due_at = add_months((await _now(dated)).since, months)
        await sql(
            """INSERT INTO review_dates (post_id, months, due_at) VALUES ({0}, {1}, {2})
                ON CONFLICT (post_id) DO UPDATE SET months = excluded.months, due_at = excluded.due_at,
                asked_at = CASE WHEN excluded.due_at > {3} THEN NULL ELSE review_dates.asked_at END""",
            dated.post_id,
            months,
            due_at,
            now(),
        )
        await _follow(record, member, dated)


async def supersede(member: Viewer, dated: Dated, successor: TopicCard) -> None:
    """A newer topic has taken the place of this; it stays, below what is up to date.

    Args:
        successor: a topic that the member may see, and so may everyone who reads this one.

    Raises:
        Forbidden: neither who wrote it nor who looks after the theme. Invalid: itself, a topic that is
        superseded by this one in its turn, or one that not everyone could open. Conflict: moved, deleted.
    """
    require(may_supersede(member, dated), _("You may not say what takes its place."))
    if successor.id == dated.topic_id:
        raise Invalid(fields={"target": _("This is the topic itself: choose another one.")})
    if successor.category_id not in member.themes.open_ids() | {dated.category_id}:
        raise Invalid(fields={"target": _("Not everyone who reads this could open that topic.")})
    async with log.transaction() as record:
        await lock_topic(dated)
        await _now(dated)
        await _lock_successions()
        if await _leads_to(successor.id, dated.topic_id):
            raise Invalid(fields={"target": _("That topic is itself replaced by this one.")})
        await sql(
            """INSERT INTO supersessions (post_id, successor_id, user_id, created_at)
                VALUES ({0}, {1}, {2}, {3}) ON CONFLICT (post_id) DO UPDATE SET
                successor_id = excluded.successor_id, user_id = excluded.user_id,
                created_at = excluded.created_at""",
            dated.post_id,
            successor.id,
            member.member_id,
            now(),
        )
        await _follow(record, member, dated)
        await _note_if_not_own(member, dated, successor.id)


async def _lock_successions() -> None:
    """One at a time: two links that are harmless alone may be a circle together. SQLite has one writer."""
    if dialect() == "postgres":
        await sql("LOCK TABLE supersessions IN SHARE ROW EXCLUSIVE MODE")


async def _leads_to(start: int, goal: int) -> bool:
    """Whether one comes from a topic to another by what has taken whose place."""
    seen, ahead = {start}, [start]
    while ahead and len(seen) < MOST_STEPS:
        rows = await sql(
            """SELECT s.successor_id FROM posts p JOIN supersessions s ON s.post_id = p.id
                WHERE p.topic_id = {0}""",
            ahead.pop(),
        )
        new = {row["successor_id"] for row in rows} - seen
        seen |= new
        ahead += new
    return goal in seen


async def restore(member: Viewer, dated: Dated) -> None:
    """Nothing has taken its place after all; done twice it has the effect of once.

    Raises:
        Forbidden, Conflict: as for superseding.
    """
    require(may_supersede(member, dated), _("You may not say what takes its place."))
    async with log.transaction() as record:
        await lock_topic(dated)
        if await sql("DELETE FROM supersessions WHERE post_id = {0} RETURNING id", dated.post_id):
            await _follow(record, member, dated)
            await _note_if_not_own(member, dated, 0)


async def _note_if_not_own(member: Viewer, dated: Dated, successor_id: int) -> None:
    """What whoever looks after the theme does in the author's place is written down."""
    if member.id not in dated.authors:
        details = {"successor": successor_id}
        await note(member.id, Act.EDIT_TOPIC, topic_id=dated.topic_id, post_id=dated.post_id, details=details)

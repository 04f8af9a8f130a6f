"""Coming to a gathering, staying away, and saying what came out of it. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.gatherings.kind import CALLED_OFF, GATHERING, HELD
from forum.gatherings.permissions import may_come, may_conclude
from forum.gatherings.steps import serve_waiting
from forum.i18n import gettext as _
from forum.kinds.registry import Details
from forum.kinds.steps import set_state
from forum.kinds.telling import tell_topic
from forum.posts.text import check_note
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def come(member: Viewer, topic: TopicCard, details: Details) -> bool:
    """Take a place, or stand at the end of the waiting list; twice has the effect of once.

    Returns:
        Whether there was a place.

    Raises:
        Forbidden: may not reply there, or it is over. Conflict: moved, deleted or over since a moment.
    """
    require(may_come(member, topic, details), _("You may not put your name down here."))
    async with log.transaction() as record:
        places = await _lock(topic)
        (taken,) = await sql(
            "SELECT COUNT(*) AS n FROM seats WHERE topic_id = {0} AND waiting = {1}", topic.id, False
        )
        full = places is not None and taken["n"] >= places
        rows = await sql(
            """INSERT INTO seats (topic_id, user_id, waiting, created_at) VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT (topic_id, user_id) DO NOTHING RETURNING id""",
            topic.id,
            member.member_id,
            full,
            now(),
        )
        if rows:
            tell_topic(record, member, topic.id, topic.category_id)
    return not full


async def stay_away(member: Viewer, topic: TopicCard, details: Details) -> None:
    """Give one's place up: the first who waits gets it, and is told.

    Raises:
        Forbidden, Conflict: as for coming.
    """
    require(may_come(member, topic, details), _("You may not put your name down here."))
    async with log.transaction() as record:
        await _lock(topic)
        gone = await sql(
            "DELETE FROM seats WHERE topic_id = {0} AND user_id = {1} RETURNING id",
            topic.id,
            member.member_id,
        )
        if gone:
            await serve_waiting(record, member.member_id, topic.id)
            tell_topic(record, member, topic.id, topic.category_id)


async def _lock(topic: TopicCard) -> int | None:
    """Take the topic's lock; how many places there are (None: as many as come)."""
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1}
            AND deleted_at IS NULL AND NOT closed RETURNING id""",
        topic.id,
        topic.category_id,
    )
    found = await sql("SELECT places FROM gatherings WHERE topic_id = {0} AND state = ''", topic.id)
    if not rows or not found:
        raise Conflict(_("This gathering has just been moved, closed or concluded."))
    places: int | None = found[0]["places"]
    return places


async def conclude(host: Viewer, topic: TopicCard, details: Details, held: bool, outcome: str) -> None:
    """Say what came out of it, or why it did not take place. The topic may be closed from then on.

    Args:
        outcome: what was produced, with its address, or the reason; never empty.

    Raises:
        Forbidden: may not edit the topic, or it is concluded. Invalid: nothing said. Conflict: concluded now.
    """
    require(may_conclude(host, topic, details.state), _("This gathering has been concluded."))
    words = check_note(outcome, "outcome", needed=True)
    if len(words.split()) < 3:
        raise Invalid(fields={"outcome": _("Too short: say it in a sentence of at least three words.")})
    async with log.transaction() as record:
        if not await set_state(GATHERING, topic.id, "", HELD if held else CALLED_OFF):
            raise Conflict(_("This gathering has been concluded."))
        await sql("UPDATE gatherings SET outcome = {1} WHERE topic_id = {0}", topic.id, words)
        tell_topic(record, host, topic.id, topic.category_id)

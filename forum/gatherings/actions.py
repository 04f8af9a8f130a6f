"""Coming to a gathering, staying away, and saying what came out of it. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, gathered, require, require_none
from forum.gatherings.kind import CALLED_OFF, GATHERING, HELD
from forum.gatherings.outcome import Ending, has_address
from forum.gatherings.permissions import may_come, may_conclude
from forum.gatherings.queries import seats_of
from forum.gatherings.steps import Room, room_of, serve_waiting
from forum.i18n import gettext as _
from forum.kinds.registry import Details
from forum.kinds.steps import set_state
from forum.kinds.telling import tell_topic
from forum.posts.text import check_note
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def come(
    member: Viewer, topic: TopicCard, details: Details, organisation_id: int | None = None
) -> bool:
    """Take a place, or stand at the end of the waiting list; twice has the effect of once.

    Args:
        organisation_id: the one of the member's for which they come; None: that which they sign with.

    Returns:
        Whether there was a place.

    Raises:
        Forbidden: may not reply there, or it is over. Conflict: moved, deleted or over since a moment.
        Invalid: the organisation is not theirs.
    """
    require(may_come(member, topic, details), _("You may not put your name down here."))
    async with log.transaction() as record:
        room = await _lock(topic)
        coming_for = await _own_organisation(member, organisation_id)
        free = room.has_place((await seats_of(topic.id))["coming"], coming_for)
        rows = await sql(
            """INSERT INTO seats (topic_id, user_id, waiting, organisation_id, created_at)
                VALUES ({0}, {1}, {2}, {3}, {4}) ON CONFLICT (topic_id, user_id) DO NOTHING RETURNING id""",
            topic.id,
            member.member_id,
            not free,
            coming_for,
            now(),
        )
        if rows:
            tell_topic(record, member, topic.id, topic.category_id)
    return free


async def _own_organisation(member: Viewer, wish: int | None) -> int | None:
    """For which of their organisations a member comes; None for whoever belongs to none.

    Raises:
        Invalid: the one that they wish is not theirs.
    """
    rows = await sql(
        "SELECT organisation_id, main FROM organisation_members WHERE user_id = {0}", member.member_id
    )
    own = {row["organisation_id"]: bool(row["main"]) for row in rows}
    if wish is not None and wish not in own:
        raise Invalid(fields={"organisation_id": _("Choose one of your organisations.")})
    return wish if wish is not None else next((id for id, main in own.items() if main), None)


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


async def _lock(topic: TopicCard) -> Room:
    """Take the topic's lock; what room there is."""
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1}
            AND deleted_at IS NULL AND NOT closed RETURNING id""",
        topic.id,
        topic.category_id,
    )
    room = await room_of(topic.id)
    if not rows or room is None:
        raise Conflict(_("This gathering has just been moved, closed or concluded."))
    return room


async def conclude(host: Viewer, topic: TopicCard, details: Details, ending: str, outcome: str) -> None:
    """Say what came out of it, or why nothing did. The topic may be closed from then on.

    Args:
        ending: a value of `Ending`.
        outcome: what was produced, with its address, or the reason; never empty.

    Raises:
        Forbidden: may not edit the topic, or it is concluded. Conflict: concluded now.
        Invalid: no ending, nothing said, or an output that has no address; every fault at once.
    """
    require(may_conclude(host, topic, details.state), _("This gathering has been concluded."))
    words = _check(ending, outcome)
    async with log.transaction() as record:
        after = CALLED_OFF if ending == Ending.CALLED_OFF else HELD
        if not await set_state(GATHERING, topic.id, "", after):
            raise Conflict(_("This gathering has been concluded."))
        await sql("UPDATE gatherings SET outcome = {1} WHERE topic_id = {0}", topic.id, words)
        tell_topic(record, host, topic.id, topic.category_id)


def _check(ending: str, outcome: str) -> str:
    faults, words = dict[str, str](), ""
    if ending not in set(Ending):
        faults["ending"] = _("Choose one of the three.")
    with gathered(faults):
        words = check_note(outcome, "outcome", needed=True)
    if "outcome" not in faults and len(words.split()) < 3:
        faults["outcome"] = _("Too short: say it in a sentence of at least three words.")
    elif ending == Ending.OUTPUT and not has_address(words):
        faults.setdefault("outcome", _("An output has an address: of a sheet, a guide, a document."))
    require_none(faults)
    return words

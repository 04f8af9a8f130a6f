"""Steps of the actions about review dates, and of those that change what has one."""

from forum.answers.steps import follows_accepted
from forum.errors import Conflict
from forum.freshness.queries import SUPERSEDED, TO_CHECK, Dated, marks_in
from forum.i18n import gettext as _
from realtime.log import Record
from realtime.sql import sql


async def lock_topic(dated: Dated) -> None:
    """Take the topic's lock and move its version.

    Raises:
        Conflict: it was moved or deleted a moment ago.
    """
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1}
            AND deleted_at IS NULL RETURNING id""",
        dated.topic_id,
        dated.category_id,
    )
    if not rows:
        raise Conflict(_("This topic has just been moved or deleted."))


@follows_accepted
async def mark_topic(topic_id: int) -> str | None:
    """Write down what is doubtful about a topic, for lists and the search; the topic is locked already.

    Nothing is, as long as one of its answers (or what opens it) is neither to be checked nor superseded.
    """
    states = {one.state for one in await marks_in(topic_id)}
    doubt = next((state for state in ("", TO_CHECK, SUPERSEDED) if state in states), "") or None
    await sql("UPDATE topics SET freshness = {1} WHERE id = {0}", topic_id, doubt)
    return doubt


def tell(record: Record, channels: list[str], dated: Dated) -> None:
    """Record that a post's date, or what took its place, is another."""
    for channel in channels:
        record(
            channel,
            "freshness.changed",
            topic_id=dated.topic_id,
            post_id=dated.post_id,
            post_number=dated.number,
        )

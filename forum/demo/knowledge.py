"""The typed fields of the demonstration's sheets, documents, guides, gatherings and job offers."""

from datetime import datetime

from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.demo.content import Topic
from forum.errors import NotFound
from forum.kinds.registry import Values, kind_of, read_fields
from forum.kinds.steps import check_details, set_state, write_details
from realtime.log import Record
from realtime.sql import sql


async def check(author_id: int, topic: Topic, source_id: int | None) -> Values:
    """The values of a topic's fields.

    Args:
        source_id: the topic that it is drawn from.

    Raises:
        Invalid: with a sentence for each field that does not do.
    """
    kind = kind_of(topic.kind)
    typed = topic.details | ({"source_id": str(source_id)} if source_id else {})
    if topic.state:  # what is over cannot be judged by today's calendar
        return read_fields(kind, typed)
    return await check_details(await _author(author_id), kind, typed)


async def write(
    record: Record, author_id: int, topic: Topic, topic_id: int, values: Values, at: datetime
) -> None:
    """A step of writing a topic: its fields, as old as itself, and what came of it.

    Args:
        at: the instant from which ages are counted.
    """
    kind = kind_of(topic.kind)
    if not kind.table:
        return
    await write_details(record, await _author(author_id), kind, topic_id, values)
    await sql("UPDATE kind_revisions SET created_at = {1} WHERE topic_id = {0}", topic_id, at - topic.age)
    if topic.state:
        await set_state(kind, topic_id, "", topic.state)
    if topic.outcome:
        await sql("UPDATE gatherings SET outcome = {1} WHERE topic_id = {0}", topic_id, topic.outcome)


async def _author(id: int) -> Viewer:
    viewer = await viewer_of_id(id, "fr")
    if viewer is None:
        raise NotFound
    return viewer

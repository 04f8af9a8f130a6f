"""Sheets and accepted answers of another day."""

from datetime import UTC, datetime, timedelta

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer
from forum.clock import now, set_clock
from forum.freshness.jobs import mark_due
from forum.freshness.queries import Dated, dated_posts
from forum.posts.queries import PostAt
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.kinds.making import a_topic

YEAR_AND_MORE = timedelta(days=370)


def it_is(year: int, month: int, day: int) -> None:
    """Set the day, at nine."""
    set_clock(lambda: datetime(year, month, day, 9, tzinfo=UTC))


def days_later(days: int) -> None:
    """So many days pass."""
    moment = now() + timedelta(days=days)
    set_clock(lambda: moment)


async def first_post(topic: TopicCard) -> int:
    """The id of the post that opens a topic."""
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    return int(rows[0]["id"])


async def dated_of(topic: TopicCard) -> Dated:
    """A sheet's or a document's date."""
    (found,) = await dated_posts([await first_post(topic)])
    return found


async def an_old_sheet(cast: Cast, author: Viewer | None = None, *, private: bool = False) -> TopicCard:
    """Alice's (or another's), written more than a year before the present day, which it stays."""
    today = now()
    set_clock(lambda: today - YEAR_AND_MORE)
    try:
        return await a_topic(cast, "sheet", author, private=private)
    finally:
        set_clock(None)


async def an_accepted_answer(cast: Cast) -> tuple[TopicCard, PostAt]:
    """Bob's, to a question of Alice's, who accepts it."""
    topic = await a_question(cast)
    alice, reply = await cast.alice(), await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    return topic, await seen(alice, reply)


async def doubt_of(topic: TopicCard) -> str | None:
    """What lists and the search know."""
    rows = await sql("SELECT freshness FROM topics WHERE id = {0}", topic.id)
    doubt: str | None = rows[0]["freshness"]
    return doubt


async def a_due_sheet(cast: Cast, author: Viewer | None = None, *, private: bool = False) -> TopicCard:
    """One whose date has passed, and the job has seen it."""
    sheet = await an_old_sheet(cast, author, private=private)
    await mark_due()
    return sheet

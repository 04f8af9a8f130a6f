"""The demonstration's questions that nobody had to ask, read from `content/evitees.toml`."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

from forum.accounts.queries import viewer_of_id
from forum.demo.reuses import NEWS
from forum.errors import NotFound
from forum.notifications.models import NotificationType
from forum.suggestions.actions import note_answered
from forum.topics.queries import topic_visible_to
from realtime.sql import sql


class AvoidedTold(Struct, frozen=True):
    """A member was writing a question, and found the answer in the topic of this title."""

    item: str
    by: str
    age: timedelta


class Moments(Protocol):
    """Tells ages (`forum/demo/content.py`)."""

    def age(self, when: str) -> timedelta: ...


def read_avoided(data: dict[str, Any], moments: Moments) -> AvoidedTold:
    """One entry of the file; ValueError when its moment cannot be read."""
    return AvoidedTold(data["item"], data["by"], moments.age(data["when"]))


def avoided_faults(
    told: Collection[AvoidedTold], authors: Mapping[str, str], people: Collection[str]
) -> Iterator[str]:
    """What is wrong with them.

    Args:
        authors: the titles of topics, with who opened each.
    """
    seen = set()
    for one in told:
        if one.item not in authors:
            yield f"it answers nobody's question, it is not there: {one.item}"
        elif one.by not in people or authors[one.item] == one.by or (one.item, one.by) in seen:
            yield f"{one.item}: {one.by} is unknown, has opened it, or is told twice"
        seen.add((one.item, one.by))


async def write_avoided(told: AvoidedTold, topic_id: int, user_id: int) -> None:
    """Say it as the page does; the oldest come first."""
    asker = await viewer_of_id(user_id, "fr")
    if asker is None:
        raise NotFound
    await note_answered(asker, await topic_visible_to(asker, topic_id))


async def let_it_be_old(told: AvoidedTold, topic_id: int, user_id: int, said_at: datetime) -> None:
    """A step after it: as old as told. Thanks that are old have been read long since, and are gone."""
    thanked = int(NotificationType.THANKED)
    await sql(
        "UPDATE avoided_questions SET created_at = {2} WHERE topic_id = {0} AND user_id = {1}",
        topic_id,
        user_id,
        said_at,
    )
    await sql(
        """UPDATE notifications SET created_at = {2} WHERE topic_id = {0} AND notification_type = {1}
            AND created_at > {2}""",
        topic_id,
        thanked,
        said_at,
    )
    if told.age > NEWS:
        await sql(
            "DELETE FROM notifications WHERE topic_id = {0} AND notification_type = {1}", topic_id, thanked
        )

"""The demonstration's reuses: read from `content/reutilisations.toml`, checked, written as old as said."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

from forum.errors import Invalid
from forum.notifications.actions import notify_about
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.reuses.fields import FIELDS, NAMES, read_reuse
from forum.reuses.models import Reuse
from forum.reuses.steps import recount_reuses
from realtime.log import Record
from realtime.sql import sql

# What is younger than this, its author has not read yet.
NEWS = timedelta(days=15)


class ReuseTold(Struct, frozen=True):
    """A member says it for where they work: of a topic's post, `taken_from` another organisation or ""."""

    item: str
    by: str
    age: timedelta
    details: dict[str, str]
    post: int = 1
    taken_from: str = ""


class Moments(Protocol):
    """Tells ages (`forum/demo/content.py`)."""

    def age(self, when: str) -> timedelta: ...
    def typed(self, type: str, when: str) -> str: ...


def read_told(data: dict[str, Any], moments: Moments) -> ReuseTold:
    """One entry of the file; ValueError when a moment cannot be read."""
    types = {one.name: one.type for one in FIELDS}
    details = {
        name: moments.typed("day", value) if types.get(name) == "day" else str(value)
        for name, value in data.pop("details").items()
    }
    return ReuseTold(age=moments.age(data.pop("when")), details=details, **data)


def faults_of(
    told: Collection[ReuseTold], posts: Mapping[str, int], people: Collection[str]
) -> Iterator[str]:
    """What is wrong with them.

    Args:
        posts: the titles of topics, with how many posts each has.
    """
    for one in told:
        if one.by not in people:
            yield f"{one.item}: taken up by an unknown {one.by}"
        if not 1 <= one.post <= posts.get(one.item, 0):
            yield f"{one.item}: no such post to take up"
        if unknown := one.details.keys() - set(NAMES):
            yield f"{one.item}: no such fields: {', '.join(sorted(unknown))}"
        try:
            read_reuse(one.details, date.max)
        except Invalid as fault:
            yield from (f"{one.item}: {name}: {words}" for name, words in fault.fields.items())


async def write_reuse(record: Record, told: ReuseTold, topic_id: int, user_id: int, at: datetime) -> None:
    """A step that writes one; those from whom it was taken come before.

    Args:
        at: the instant from which ages are counted.
    """
    values, said_at = read_reuse(told.details, date.max), at - told.age
    (post,) = await sql(
        """SELECT p.id, p.topic_id, t.category_id, p.post_number AS number, p.user_id AS author_id
            FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.topic_id = {0} AND p.post_number = {1}""",
        topic_id,
        told.post,
    )
    await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", topic_id)
    if told.age < NEWS and post["author_id"] != user_id:
        await _tell_author(record, post, user_id, said_at)
    await _create(told, post["id"], user_id, values, said_at)
    await recount_reuses(topic_id)


async def _tell_author(record: Record, post: dict[str, Any], user_id: int, said_at: datetime) -> None:
    about = NewPost(**(post | {"author_id": user_id}))
    await notify_about(NotificationType.REUSED, post["author_id"], about, record)
    await sql(
        """UPDATE notifications SET created_at = {2} WHERE post_id = {0} AND notification_type = {1}
            AND created_at > {2}""",
        post["id"],
        int(NotificationType.REUSED),
        said_at,
    )


async def _create(
    told: ReuseTold, post_id: int, user_id: int, values: Mapping[str, Any], said_at: datetime
) -> None:
    (where,) = await sql(
        "SELECT organisation_id FROM organisation_members WHERE user_id = {0} AND main", user_id
    )
    sources = await sql(
        """SELECT r.id FROM reuses r JOIN organisations o ON o.id = r.organisation_id
            WHERE r.post_id = {0} AND o.name = {1}""",
        post_id,
        told.taken_from,
    )
    if told.taken_from and not sources:
        raise ValueError(f"{told.item}: {told.taken_from} took it up later, or not at all")
    await Reuse.create(
        post_id=post_id,
        organisation_id=where["organisation_id"],
        user_id=user_id,
        taken_from_id=sources[0]["id"] if sources else None,
        created_at=said_at,
        updated_at=said_at,
        **values,
    )

"""What has a review date: the first post of some kinds of topic, and accepted answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.nobody import shown_name
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.freshness.periods import ANSWERS_HOLD_FOR, add_months, dated_kinds
from forum.reuses.queries import reusers_of
from forum.topics.queries import TopicCard, topic_in_channel
from realtime.sql import as_datetime, sql

TO_CHECK, SUPERSEDED = "to_check", "superseded"

COLUMNS = """p.id AS post_id, p.topic_id, t.slug AS topic_slug, t.title, t.kind, t.category_id,
    p.post_number AS number, p.user_id AS author_id, a.created_at AS accepted_at, p.created_at, r.months,
    r.due_at, r.asked_at, r.confirmed_at, cu.name AS confirmer_name, cu.username AS confirmer_username,
    n.id AS successor_id"""
TABLES = """posts p JOIN topics t ON t.id = p.topic_id LEFT JOIN accepted_answers a ON a.post_id = p.id
    LEFT JOIN review_dates r ON r.post_id = p.id LEFT JOIN users cu ON cu.id = r.confirmed_by_id
    LEFT JOIN supersessions s ON s.post_id = p.id
    LEFT JOIN topics n ON n.id = s.successor_id AND n.deleted_at IS NULL"""

# Of what has a date: the date has passed, and the job has said so.
ASKED = """r.asked_at IS NOT NULL AND r.asked_at > COALESCE(a.created_at, p.created_at)
    AND n.id IS NULL"""

# Few posts, whatever the length of the topic.
IN_TOPIC = """p.id IN (SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1
    UNION ALL SELECT post_id FROM accepted_answers WHERE topic_id = {0})"""


class Dated(Struct, frozen=True):
    """A post with its review date. Viewer-neutral.

    `asked`: the date has passed and the job has said so; `since`: from when on it is taken to hold.
    """

    post_id: int
    topic_id: int
    topic_slug: str
    title: str
    kind: str
    category_id: int
    number: int
    author_id: int
    months: int
    since: datetime
    due_at: datetime
    asked: bool
    confirmed_at: datetime | None
    confirmed_by: str
    successor_id: int | None
    authors: frozenset[int] = frozenset()
    reusers: frozenset[int] = frozenset()

    @property
    def state(self) -> str:
        """What is doubtful about it: "to_check", "superseded" or ""."""
        return SUPERSEDED if self.successor_id else TO_CHECK if self.asked else ""

    @property
    def path(self) -> str:
        """Its address."""
        return f"/t/{self.topic_slug}/{self.topic_id}" + (f"/{self.number}" if self.number > 1 else "")


def is_dated() -> str:
    """The SQL condition on `TABLES` of what has a review date: of a kind that has one, and not deleted."""
    kinds = ", ".join(f"'{name}'" for name in sorted(dated_kinds())) or "''"
    return f"""p.deleted_at IS NULL AND (a.id IS NOT NULL OR (p.post_number = 1 AND t.kind IN ({kinds})))"""


async def dated_visible_to(viewer: Viewer, post_id: int) -> Dated:
    """The post with its date, if the viewer may see it.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await dated_posts([post_id])
    if not found or not viewer.may_see(found[0].category_id):
        raise NotFound
    return found[0]


async def dated_posts(post_ids: Sequence[int]) -> list[Dated]:
    """Those of these posts that have a date, with whoever wrote them, whoever looks."""
    return await _with_authors(f"p.id IN ({ids(frozenset(post_ids))}) AND t.deleted_at IS NULL")


async def dated_in(topic_id: int) -> list[Dated]:
    """What has a date in a topic, in the order of the posts, with whoever wrote it."""
    return await _with_authors(IN_TOPIC, topic_id)


async def marks_in(topic_id: int) -> list[Dated]:
    """The same without the authors."""
    return await _found(IN_TOPIC, topic_id)


async def marks_of(post_ids: Iterable[int]) -> list[Dated]:
    """The same without the authors, also in a deleted topic: for what everyone who sees it is shown."""
    return await _found(f"p.id IN ({ids(frozenset(post_ids))})")


async def _with_authors(where: str, *values: int) -> list[Dated]:
    found = await _found(where, *values)
    authors: dict[int, set[int]] = {one.post_id: {one.author_id} for one in found}
    rows = await sql(
        f"""SELECT DISTINCT post_id, user_id FROM post_revisions
            WHERE post_id IN ({ids(frozenset(authors))})"""
    )
    for row in rows:
        authors[row["post_id"]].add(row["user_id"])
    reusers = await reusers_of(authors)
    return [
        replace(one, authors=frozenset(authors[one.post_id]), reusers=reusers.get(one.post_id, frozenset()))
        for one in found
    ]


async def _found(where: str, *values: int) -> list[Dated]:
    rows = await sql(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} AND {is_dated()} ORDER BY p.post_number", *values
    )
    return [dated(row) for row in rows]


def dated(row: Mapping[str, Any]) -> Dated:
    """A row of `COLUMNS`. An answer that is accepted again counts from then on, whatever was asked before."""
    born = as_datetime(row["accepted_at"] or row["created_at"])
    confirmed = as_datetime(row["confirmed_at"]) if row["confirmed_at"] else None
    usual = ANSWERS_HOLD_FOR if row["accepted_at"] else dated_kinds().get(row["kind"], ANSWERS_HOLD_FOR)
    months, since = row["months"] or usual, max(born, confirmed or born)
    return Dated(
        post_id=row["post_id"],
        topic_id=row["topic_id"],
        topic_slug=row["topic_slug"],
        title=row["title"],
        kind=row["kind"],
        category_id=row["category_id"],
        number=row["number"],
        author_id=row["author_id"],
        months=months,
        since=since,
        due_at=add_months(since, months),
        asked=row["asked_at"] is not None and as_datetime(row["asked_at"]) > born,
        confirmed_at=confirmed,
        confirmed_by=shown_name(row["confirmer_name"], row["confirmer_username"]) if confirmed else "",
        successor_id=row["successor_id"],
    )


async def confirmed_in(topic_ids: Iterable[int]) -> frozenset[int]:
    """Of these topics, those of which something was confirmed, and nothing is to be checked or replaced."""
    rows = await sql(
        f"""SELECT DISTINCT t.id FROM {TABLES} WHERE t.id IN ({ids(frozenset(topic_ids))})
            AND r.confirmed_at >= COALESCE(a.created_at, p.created_at) AND t.freshness IS NULL
            AND {is_dated()}"""
    )
    return frozenset(row["id"] for row in rows)


async def successors_seen_by(viewer: Viewer, found: Iterable[Dated]) -> dict[int, TopicCard]:
    """The topics that took the place of these, by the post, as far as the viewer may see them."""
    topics = {one.post_id: await topic_in_channel(one.successor_id) for one in found if one.successor_id}
    return {
        post_id: topic
        for post_id, topic in topics.items()
        if topic and not topic.deleted and viewer.may_see(topic.category_id)
    }

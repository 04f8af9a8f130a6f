"""Posts as pages show them. Cards are viewer-neutral: they go to caches and channels."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from forum.accounts.nobody import shown_name
from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.animators.steps import AUTHOR_ANIMATES
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.posts.annexes import Annex, with_annexes
from forum.posts.models import PostType
from realtime.sql import as_datetime, sql

PAGE_SIZE = 20

CARD_COLUMNS = f"""p.id, p.topic_id, t.slug AS topic_slug, t.kind AS topic_kind, p.post_number,
    p.user_id, {PERSON_COLUMNS}, p.created_at, p.edited_at, p.version, p.cooked,
    p.reply_to_post_number, r.id AS reply_id, r.deleted_at AS reply_deleted_at,
    ru.name AS reply_name, ru.username AS reply_username, p.reply_count, p.score, p.up_count,
    p.imported_like_count, p.post_type, p.action_code,
    CASE WHEN p.action_code = 'split_topic' THEN p.raw END AS moved_count, p.deleted_at, p.hidden,
    du.name AS deleter_name, p.author_organisation, p.author_function, p.author_verified,
    o.slug AS organisation_slug,
    CASE WHEN o.name = p.author_organisation THEN o.population END AS organisation_population,
    a.created_at AS accepted_at, a.post_version AS accepted_version, au.name AS accepter_name,
    au.username AS accepter_username, {AUTHOR_ANIMATES} AS author_animates"""
CARD_TABLES = """posts p JOIN topics t ON t.id = p.topic_id JOIN users u ON u.id = p.user_id
    LEFT JOIN posts r ON r.topic_id = p.topic_id AND r.post_number = p.reply_to_post_number
        AND r.post_type <> 3
    LEFT JOIN users ru ON ru.id = r.user_id
    LEFT JOIN users du ON du.id = p.deleted_by_id
    LEFT JOIN organisations o ON o.id = p.organisation_id
    LEFT JOIN accepted_answers a ON a.post_id = p.id LEFT JOIN users au ON au.id = a.accepter_id"""


class ReplyTo(Struct, frozen=True):
    """The post that is answered; without a name once it is deleted, without an id either once it has left."""

    number: int
    post_id: int
    name: str


class Accepted(Struct, frozen=True):
    """Who accepted the post as an answer, when, and whether it has been edited since."""

    by_name: str
    at: datetime
    version: int
    edited_since: bool


class Signature(Struct, frozen=True):
    """For whom the author worked when the post was written, what they did there, whether it was verified."""

    organisation: str
    function: str
    verified: bool
    slug: str
    population: int | None


class PostCard(Struct, frozen=True):
    """One post. Of a deleted one, only its place is told. `animates` if its author looks after the theme."""

    id: int
    topic_id: int
    topic_slug: str
    topic_kind: str
    number: int
    author: PersonCard
    created_at: datetime
    edited_at: datetime | None
    version: int
    cooked: Markup
    reply_to: ReplyTo | None
    reply_count: int
    score: int
    up_count: int
    imported_like_count: int
    accepted: Accepted | None
    signature: Signature | None
    deleted: bool
    hidden: bool
    deleted_by_name: str
    post_type: str
    action_code: str | None
    moved_count: int
    animates: bool
    annexes: tuple[Annex, ...] = ()

    @property
    def is_first(self) -> bool:
        """True for the post that opens the topic."""
        return self.number == 1


async def cards_of_page(topic_id: int, page: int) -> list[PostCard]:
    """The posts numbered 20(page−1)+1 … 20·page, deleted ones as tombstones."""
    first = PAGE_SIZE * (page - 1) + 1
    rows = await sql(
        f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE p.topic_id = {{0}}"
        " AND p.post_number BETWEEN {1} AND {2} ORDER BY p.post_number",
        topic_id,
        first,
        first + PAGE_SIZE - 1,
    )
    return await cards_of(rows)


async def post_card(post_id: int) -> PostCard | None:
    """One post as a card; None if there is no such row. For presenters: the channel is the right."""
    rows = await sql(f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE p.id = {{0}}", post_id)
    return (await cards_of(rows))[0] if rows else None


async def replies_to(post: PostCard) -> list[PostCard]:
    """The posts that answer this one, oldest first, without the deleted."""
    rows = await sql(
        f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE p.topic_id = {{0}}"
        " AND p.reply_to_post_number = {1} AND p.deleted_at IS NULL ORDER BY p.post_number LIMIT 100",
        post.topic_id,
        post.number,
    )
    return await cards_of(rows)


async def cards_by_id(topic_id: int, post_ids: Iterable[int]) -> list[PostCard]:
    """Those posts of the topic, in the order of their numbers (for programs)."""
    rows = await sql(
        f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE p.topic_id = {{0}}"
        f" AND p.id IN ({ids(frozenset(post_ids))}) ORDER BY p.post_number",
        topic_id,
    )
    return await cards_of(rows)


async def cards_of(rows: Iterable[dict[str, Any]]) -> list[PostCard]:
    """Rows of `CARD_COLUMNS` as cards, with what slices say at their feet."""
    return await with_annexes([_card(row) for row in rows])


def _card(row: dict[str, Any]) -> PostCard:
    deleted = row["deleted_at"] is not None
    return PostCard(
        id=row["id"],
        topic_id=row["topic_id"],
        topic_slug=row["topic_slug"],
        topic_kind=row["topic_kind"],
        number=row["post_number"],
        author=person_card(row),
        created_at=as_datetime(row["created_at"]),
        edited_at=as_datetime(row["edited_at"]) if row["edited_at"] else None,
        version=row["version"],
        cooked=Markup("") if deleted else Markup(row["cooked"]),  # noqa: S704 - sanitised when cooked
        reply_to=_reply_to(row),
        reply_count=row["reply_count"],
        score=row["score"],
        up_count=row["up_count"],
        imported_like_count=row["imported_like_count"],
        accepted=_accepted(row),
        signature=_signature(row),
        deleted=deleted,
        hidden=deleted and bool(row["hidden"]),
        deleted_by_name=row["deleter_name"] or "",
        post_type=PostType(row["post_type"]).name.lower(),
        action_code=row["action_code"],
        moved_count=_moved_count(row["moved_count"]),
        animates=not deleted and bool(row["author_animates"]),
    )


def _moved_count(text: str | None) -> int:
    """How many posts a line stands for; 0 when it does not say."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _reply_to(row: dict[str, Any]) -> ReplyTo | None:
    if row["reply_to_post_number"] is None:
        return None
    if row["reply_id"] is None:
        return ReplyTo(row["reply_to_post_number"], 0, "")
    name = "" if row["reply_deleted_at"] else shown_name(row["reply_name"], row["reply_username"])
    return ReplyTo(row["reply_to_post_number"], row["reply_id"], name)


def _accepted(row: dict[str, Any]) -> Accepted | None:
    if row["accepted_at"] is None:
        return None
    return Accepted(
        by_name=shown_name(row["accepter_name"], row["accepter_username"]),
        at=as_datetime(row["accepted_at"]),
        version=row["accepted_version"],
        edited_since=row["version"] > row["accepted_version"],
    )


def _signature(row: dict[str, Any]) -> Signature | None:
    if not row["author_organisation"]:
        return None
    return Signature(
        organisation=row["author_organisation"],
        function=row["author_function"],
        verified=bool(row["author_verified"]),
        slug=row["organisation_slug"] or "",
        population=row["organisation_population"],
    )


class PostAt(Struct, frozen=True):
    """A post's place and text, with what permissions ask about."""

    id: int
    topic_id: int
    topic_slug: str
    topic_kind: str
    topic_author_id: int
    category_id: int
    closed: bool
    topic_deleted: bool
    number: int
    author_id: int
    author_username: str
    version: int
    source: str
    deleted: bool
    hidden: bool
    deleted_by_id: int | None
    post_type: int
    created_at: datetime


async def post_visible_to(viewer: Viewer, post_id: int) -> PostAt:
    """The post, if the viewer may see its topic (a deleted one: its author and moderation).

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    post = await post_of_staff(post_id)
    looks_after = viewer.moderates(post.category_id)
    gone = post.deleted and not (looks_after or viewer.id == post.author_id)
    if not viewer.may_see(post.category_id) or (post.topic_deleted and not looks_after) or gone:
        raise NotFound
    return post


async def post_of_staff(post_id: int) -> PostAt:
    """The post, whoever looks and whatever has become of it: another right has been looked at before.

    Raises:
        NotFound: there is none.
    """
    rows = await sql(
        """SELECT p.id, p.topic_id, t.slug AS topic_slug, t.kind AS topic_kind, t.user_id AS topic_author_id,
            t.category_id, t.closed, t.deleted_at AS topic_deleted_at, p.post_number AS number,
            p.user_id AS author_id, u.username AS author_username, p.version, p.raw AS source, p.deleted_at,
            p.hidden, p.deleted_by_id, p.post_type, p.created_at
            FROM posts p JOIN topics t ON t.id = p.topic_id JOIN users u ON u.id = p.user_id
            WHERE p.id = {0}""",
        post_id,
    )
    if not rows:
        raise NotFound
    row = rows[0]
    deleted, topic_deleted = row.pop("deleted_at") is not None, row.pop("topic_deleted_at") is not None
    row.update(
        created_at=as_datetime(row["created_at"]), closed=bool(row["closed"]), hidden=bool(row["hidden"])
    )
    return PostAt(**row, deleted=deleted, topic_deleted=topic_deleted)


def page_of(number: int) -> int:
    """The page of a topic that holds this post number."""
    return max(1, (number - 1) // PAGE_SIZE + 1)

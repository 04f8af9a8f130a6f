"""Topics as pages and lists show them, always through what the viewer may see."""

from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from forum.accounts.nobody import shown_name
from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import NotFound
from forum.tags.names import part_names, tag_key
from realtime.sql import as_datetime, at_once, sql

LIST_SIZE = 30

TOPIC_COLUMNS = f"""t.id, t.slug, t.title, t.kind, t.category_id, t.user_id, {PERSON_COLUMNS},
    t.last_poster_id, lu.username AS last_username,
    lu.name AS last_name, lu.picture AS last_picture, t.created_at, t.bumped_at,
    t.last_posted_at, t.highest_post_number, t.posts_count, t.accepted_count, t.like_count, t.views,
    t.reuse_count, t.version, t.tag_names, t.facts, t.freshness, t.closed, t.archived, t.pinned,
    t.pinned_until, t.pinned_in_theme, t.deleted_at"""
TOPIC_TABLES = """topics t JOIN users u ON u.id = t.user_id JOIN users lu ON lu.id = t.last_poster_id"""


class TopicCard(Struct, frozen=True):
    """A topic, as its page's head and a list's row show it. Viewer-neutral.

    `pinned` at this moment: until a day, or for good; everywhere, or in its theme only.
    """

    id: int
    slug: str
    title: str
    kind: str
    category_id: int
    author: PersonCard
    last_poster: PersonCard
    created_at: datetime
    bumped_at: datetime
    last_posted_at: datetime
    highest_post_number: int
    posts_count: int
    accepted_count: int
    like_count: int
    views: int
    version: int
    tags: tuple[str, ...]
    facts: str
    reuse_count: int
    freshness: str | None
    closed: bool
    archived: bool
    pinned: bool
    pinned_until: datetime | None
    pinned_in_theme: bool
    deleted: bool

    @property
    def author_id(self) -> int:
        """Whose topic it is."""
        return self.author.id

    @property
    def reply_count(self) -> int:
        """Visible posts, less the one that opens the topic."""
        return max(0, self.posts_count - 1)

    @property
    def tag_keys(self) -> str:
        """What the tags are known by, with spaces between them."""
        return " ".join(map(tag_key, self.tags))

    @property
    def waiting(self) -> bool:
        """Whether it is a question that nobody has answered, and still may."""
        return self.kind == "question" and self.posts_count <= 1 and not self.closed

    @property
    def solved(self) -> bool:
        """Whether an answer has been accepted."""
        return self.accepted_count > 0


class AcceptedLink(Struct, frozen=True):
    """Where an accepted answer stands in its topic."""

    post_id: int
    number: int
    author_name: str


def topic_card(row: dict[str, Any]) -> TopicCard:
    """A row of `TOPIC_COLUMNS` as a card."""
    last_name, picture = shown_name(row["last_name"], row["last_username"]), row["last_picture"]
    return TopicCard(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        kind=row["kind"],
        category_id=row["category_id"],
        author=person_card(row),
        last_poster=PersonCard(row["last_poster_id"], row["last_username"], last_name, "", "", picture),
        created_at=as_datetime(row["created_at"]),
        bumped_at=as_datetime(row["bumped_at"]),
        last_posted_at=as_datetime(row["last_posted_at"]),
        highest_post_number=row["highest_post_number"],
        posts_count=row["posts_count"],
        accepted_count=row["accepted_count"],
        like_count=row["like_count"],
        views=row["views"],
        version=row["version"],
        tags=part_names(row["tag_names"]),
        facts=row["facts"],
        reuse_count=row["reuse_count"] or 0,
        freshness=row["freshness"],
        closed=bool(row["closed"]),
        archived=bool(row["archived"]),
        pinned=_pinned(row),
        pinned_until=row["pinned_until"] and as_datetime(row["pinned_until"]),
        pinned_in_theme=bool(row["pinned_in_theme"]),
        deleted=row["deleted_at"] is not None,
    )


def _pinned(row: dict[str, Any]) -> bool:
    return bool(row["pinned"]) and (row["pinned_until"] is None or as_datetime(row["pinned_until"]) > now())


async def topic_visible_to(viewer: Viewer, topic_id: int) -> TopicCard:
    """The topic, if it exists for this viewer (a deleted one: for moderation only).

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    return seen_by(viewer, await at_once(partial(topic_in_channel, topic_id), brief=True))


def seen_by(viewer: Viewer, topic: TopicCard | None) -> TopicCard:
    """The topic, if it exists for this viewer.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    if (
        topic is None
        or not viewer.may_see(topic.category_id)
        or (topic.deleted and not viewer.moderates(topic.category_id))
    ):
        raise NotFound
    return topic


async def topic_in_channel(topic_id: int) -> TopicCard | None:
    """The topic, whoever looks. For presenters and doormen: the channel is the right."""
    rows = await sql(f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE t.id = {{0}}", topic_id)
    return topic_card(rows[0]) if rows else None


async def accepted_links(topic_id: int) -> list[AcceptedLink]:
    """The accepted answers of a topic, in the order of their numbers, without deleted posts."""
    rows = await sql(
        """SELECT p.id AS post_id, p.post_number AS number, u.name, u.username FROM accepted_answers a
            JOIN posts p ON p.id = a.post_id JOIN users u ON u.id = p.user_id
            WHERE a.topic_id = {0} AND p.deleted_at IS NULL ORDER BY p.post_number""",
        topic_id,
    )
    return [
        AcceptedLink(row["post_id"], row["number"], shown_name(row["name"], row["username"])) for row in rows
    ]


async def current_topic_id(external_id: int) -> int | None:
    """The number here of a topic that was imported under another number."""
    rows = await sql("SELECT topic_id FROM topic_aliases WHERE external_id = {0} ORDER BY id", external_id)
    return rows[0]["topic_id"] if rows else None

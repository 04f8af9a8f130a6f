"""Reuses as pages and programs show them, of items that the viewer may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import NotFound
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.kinds.fields import Field
from forum.organisations.words import inhabitants, kind_words
from forum.posts.queries import post_visible_to
from forum.reuses.fields import FIELDS, NAMES, SHOWN, state_words
from forum.reuses.permissions import TAKEN_UP, is_offered
from realtime.sql import as_datetime, sql

# What an organisation took up, on each page of its list.
LIST_SIZE = 30
NAMED = 2
# Lists within lists, as far as a phone has room for.
DEEPEST = 5

KINDS = ", ".join(f"'{kind}'" for kind in sorted(TAKEN_UP))
TABLES = "reuses r JOIN posts p ON p.id = r.post_id JOIN topics t ON t.id = p.topic_id"
# Of `TABLES`: what counts, wherever reuses are counted or listed: those of what may be taken up now
# (`is_offered`), and is there. What was said of an answer that is no longer accepted stays on its page.
COUNTED = f"""p.deleted_at IS NULL AND t.deleted_at IS NULL AND ((p.post_number = 1 AND t.kind IN ({KINDS}))
    OR EXISTS (SELECT 1 FROM accepted_answers accepted WHERE accepted.post_id = p.id))"""


class Item(Struct, frozen=True):
    """What is taken up: a post, with what the rules ask about it. `organisation_id` is its author's.

    `count`: the records that there are, also of what is no longer offered.
    """

    post_id: int
    topic_id: int
    topic_slug: str
    title: str
    kind: str
    category_id: int
    number: int
    author_id: int
    organisation_id: int | None
    gone: bool
    offered: bool
    count: int

    @property
    def path(self) -> str:
        """The post's address."""
        return f"/t/{self.topic_slug}/{self.topic_id}/{self.number}"

    @property
    def is_first(self) -> bool:
        """Whether it opens its topic, whose rows in lists then show the count."""
        return self.number == 1


class ReuseCard(Struct, frozen=True):
    """One organisation's record. Viewer-neutral."""

    id: int
    organisation_id: int
    organisation: str
    organisation_slug: str
    organisation_kind: str
    population: int | None
    taken_from_id: int | None
    values: Mapping[str, Any]
    by: PersonCard
    updated_at: datetime
    version: int

    @property
    def state(self) -> str:
        """Its state, by its name."""
        return str(self.values["state"])

    @property
    def state_words(self) -> str:
        """Its state, in the current language."""
        return state_words(self.state)

    @property
    def about(self) -> str:
        """What the organisation is and how large."""
        return ", ".join(filter(None, [kind_words(self.organisation_kind), inhabitants(self.population)]))

    @property
    def facts(self) -> list[Field]:
        """The short fields that are filled in, but for the state."""
        return [one for one in FIELDS[1:] if one.type != "text" and self.values[one.name] is not None]

    @property
    def texts(self) -> list[Field]:
        """The longer ones; the reason only of what was given up."""
        return [
            one
            for one in FIELDS
            if one.type == "text"
            and self.values[one.name]
            and (one.name != "reason" or self.state == "abandoned")
        ]

    def label(self, name: str) -> str:
        """What a field is called where it is read."""
        return SHOWN[name]()

    def text(self, name: str) -> str:
        """A field in words, in the current language."""
        return next(one for one in FIELDS if one.name == name).show(self.values[name])


class Branch(Struct, frozen=True):
    """A record, the name of whom it was taken from ("" for the item itself), and those taken from it."""

    record: ReuseCard
    source: str
    branches: "list[Branch]" = field(default_factory=list)


class Taker(Struct, frozen=True):
    """An organisation that took up something of a topic, for whoever may see it."""

    id: int
    topic_id: int
    post_id: int
    organisation_id: int
    name: str
    kind: str
    population: int | None
    state: str

    @property
    def about(self) -> str:
        """What the organisation is and how large."""
        return ", ".join(filter(None, [kind_words(self.kind), inhabitants(self.population)]))


class TakenUp(Struct, frozen=True):
    """What an organisation took up, as its page lists it; `id` is the record's."""

    id: int
    title: str
    path: str
    kind: str
    state: str
    since: str

    @property
    def state_words(self) -> str:
        """Its state, in the current language."""
        return state_words(self.state)

    @property
    def since_words(self) -> str:
        """Since when, in the current language; "" when it is not said."""
        return next(one for one in FIELDS if one.name == "since").show(self.since or None)


async def item_visible_to(viewer: Viewer, post_id: int) -> Item:
    """The post as something to take up, or that was.

    Raises:
        NotFound: no such post for this viewer, or it never was one.
    """
    post = await post_visible_to(viewer, post_id)
    (row,) = await sql(
        """SELECT t.title, p.organisation_id, (SELECT COUNT(*) FROM accepted_answers a WHERE a.post_id = p.id)
            AS accepted, (SELECT COUNT(*) FROM reuses r WHERE r.post_id = p.id) AS reuses
            FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.id = {0}""",
        post.id,
    )
    offered = is_offered(post.number, post.topic_kind, accepted=row["accepted"] > 0)
    if not (offered or row["reuses"]):
        raise NotFound
    return Item(
        post_id=post.id,
        topic_id=post.topic_id,
        topic_slug=post.topic_slug,
        title=row["title"],
        kind=post.topic_kind,
        category_id=post.category_id,
        number=post.number,
        author_id=post.author_id,
        organisation_id=row["organisation_id"],
        gone=post.deleted or post.topic_deleted,
        offered=offered,
        count=row["reuses"],
    )


async def reuses_of(post_id: int) -> list[ReuseCard]:
    """The records about an item, oldest first, whoever looks."""
    rows = await sql(
        f"""SELECT r.id, r.organisation_id, o.name AS organisation, o.slug AS organisation_slug,
            o.kind AS organisation_kind, o.population, r.taken_from_id, r.user_id, {PERSON_COLUMNS},
            r.updated_at, r.version, {", ".join(f"r.{name} AS f_{name}" for name in NAMES)}
            FROM reuses r JOIN organisations o ON o.id = r.organisation_id JOIN users u ON u.id = r.user_id
            WHERE r.post_id = {{0}} ORDER BY r.id""",
        post_id,
    )
    return [_card(row) for row in rows]


def _card(row: Mapping[str, Any]) -> ReuseCard:
    return ReuseCard(
        id=row["id"],
        organisation_id=row["organisation_id"],
        organisation=row["organisation"],
        organisation_slug=row["organisation_slug"],
        organisation_kind=row["organisation_kind"],
        population=row["population"],
        taken_from_id=row["taken_from_id"],
        values={name: row[f"f_{name}"] for name in NAMES},
        by=person_card(dict(row)),
        updated_at=as_datetime(row["updated_at"]),
        version=row["version"],
    )


def as_tree(records: Sequence[ReuseCard]) -> list[Branch]:
    """Who took it from whom, oldest first: those who have it from the item itself, below each who from them.

    A chain longer than can be shown goes on beside its last link; each says whom it was taken from anyway.
    """
    by_id = {one.id: one for one in records}
    roots: list[Branch] = []
    lists, waiting = {0: (0, roots)}, list(records)
    while waiting:
        later = []
        for one in waiting:
            source = by_id.get(one.taken_from_id or 0)
            if (source.id if source else 0) not in lists:
                later.append(one)
                continue
            depth, siblings = lists[source.id if source else 0]
            branch = Branch(one, source.organisation if source else "")
            siblings.append(branch)
            lists[one.id] = (depth + 1, branch.branches) if depth < DEEPEST else (depth, siblings)
        waiting = later if len(later) < len(waiting) else []
    return roots


def descends_from(links: Mapping[int, int | None], record_id: int, ancestor_id: int) -> bool:
    """Whether one has a record from another, however far; `links` says whom each was taken from."""
    at: int | None = record_id
    while at is not None and at != ancestor_id:
        at = links.get(at)
    return at is not None


async def counts_of(post_ids: Iterable[int]) -> dict[int, int]:
    """How many records there are of each of these posts, whatever it is now; those without are left out."""
    rows = await sql(
        f"""SELECT post_id, COUNT(*) AS n FROM reuses WHERE post_id IN ({ids(frozenset(post_ids))})
            GROUP BY post_id"""
    )
    return {row["post_id"]: row["n"] for row in rows}


async def reusers_of(post_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Who wrote for their organisation that it took these posts up, those that nobody did being left out."""
    rows = await sql(
        f"SELECT DISTINCT post_id, user_id FROM reuses WHERE post_id IN ({ids(frozenset(post_ids))})"
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["post_id"], set()).add(row["user_id"])
    return {post_id: frozenset(people) for post_id, people in found.items()}


async def takers_in(topic_ids: Iterable[int]) -> dict[int, list[Taker]]:
    """Who took up something of each of these topics, its first post or an accepted answer; the last first.

    An organisation that took up two answers of one topic is named once. Whoever may see the topics.
    """
    rows = await sql(
        f"""SELECT r.id, p.topic_id, p.id AS post_id, r.organisation_id, o.name, o.kind, o.population, r.state
            FROM {TABLES} JOIN organisations o ON o.id = r.organisation_id
            WHERE p.topic_id IN ({ids(frozenset(topic_ids))}) AND {COUNTED} ORDER BY r.id DESC"""
    )
    found: dict[int, dict[int, Taker]] = {}
    for row in rows:
        found.setdefault(row["topic_id"], {}).setdefault(row["organisation_id"], Taker(**row))
    return {topic_id: list(takers.values()) for topic_id, takers in found.items()}


def count_words(count: int) -> str:
    """«reused by 6 organisations»; "" for none."""
    words = ngettext("reused by %(n)d organisation", "reused by %(n)d organisations", count)
    return words % {"n": count} if count else ""


async def reuses_by(
    viewer: Viewer, organisation_id: int, before: int | None = None, limit: int = LIST_SIZE
) -> list[TakenUp]:
    """What an organisation took up, of what the viewer may see; the latest first.

    Args:
        before: only records with a smaller id (the next page).
    """
    rows = await sql(
        f"""SELECT r.id, t.title, t.slug, t.id AS topic_id, t.kind, p.post_number, r.state, r.since
            FROM {TABLES} WHERE {_taken_up_by(viewer)} AND r.id < {{1}} ORDER BY r.id DESC LIMIT {limit:d}""",
        organisation_id,
        before or 2**31 - 1,
    )
    return [
        TakenUp(
            row["id"],
            row["title"],
            f"/t/{row['slug']}/{row['topic_id']}/{row['post_number']}",
            row["kind"],
            row["state"],
            row["since"] or "",
        )
        for row in rows
    ]


async def count_reuses_by(viewer: Viewer, organisation_id: int) -> int:
    """How much that is, all of it."""
    rows = await sql(f"SELECT COUNT(*) AS n FROM {TABLES} WHERE {_taken_up_by(viewer)}", organisation_id)
    return int(rows[0]["n"])


def _taken_up_by(viewer: Viewer) -> str:
    return f"r.organisation_id = {{0}} AND {COUNTED} AND t.category_id IN ({ids(viewer.rights.see)})"


async def names_in_alerts(alert_ids: Sequence[int]) -> dict[int, str]:
    """Whom an alert speaks of: the organisations since it was written, «Lyon, Brest and 4 others»."""
    rows = await sql(
        f"""SELECT n.id, o.name FROM notifications n JOIN reuses r ON r.post_id = n.post_id
            AND r.created_at >= n.created_at AND r.user_id <> n.user_id
            JOIN organisations o ON o.id = r.organisation_id
            WHERE n.id IN ({ids(frozenset(alert_ids))}) ORDER BY r.id"""
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row["id"], []).append(row["name"])
    return {alert: enumerated(found) for alert, found in names.items()}


def enumerated(names: Sequence[str]) -> str:
    """The first two, and how many others."""
    first, others = names[:NAMED], len(names) - NAMED
    if others > 0:
        words = ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", others)
        return words % {"names": ", ".join(first), "n": others}
    return _(" and ").join(first)

"""Looking for things, always among those that the viewer may see."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct, field

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard, ids
from forum.clock import now
from forum.meanings.queries import nearest_in_meaning
from forum.organisations.queries import OrganisationCard, find_organisations
from forum.organisations.queries import Wanted as Directory
from forum.search.asked import Asked
from forum.search.beside import FEW, people_found, tags_found, themes_found
from forum.search.bounds import Bounds, bounds_of
from forum.search.candidates import Within, candidates
from forum.search.concepts import Wanted, understand
from forum.search.extracts import extract, marked
from forum.search.forum_sources import plain
from forum.search.ranking import boost, score, trust, weights
from forum.search.sources import source, total_documents
from forum.search.synonyms import current_thesaurus
from forum.tags.queries import TagCard
from forum.topics.queries import TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from realtime.sql import as_datetime, sql

PAGE_SIZE = 20
# A document that answers less than this beside the best one is not shown; one that shares no word with the
# question has to answer better.
FLOOR, WORDLESS_FLOOR = 0.15, 0.3
# What nearness in meaning counts beside words; how near is near enough without any word.
MEANING, NEAR = 8.0, 0.03


class TopicHit(Struct, frozen=True):
    """A topic that was found, at the post that was found in it."""

    topic: TopicCard
    post_id: int
    post_number: int
    author: PersonCard
    title: Markup
    extract: Markup
    created_at: datetime
    like_count: int
    score: float


class Results(Struct, frozen=True):
    """What was found, best first; each list holds only what the viewer may see."""

    asked: Asked
    topics: tuple[TopicHit, ...] = ()
    people: tuple[PersonCard, ...] = ()
    categories: tuple[CategoryCard, ...] = ()
    tags: tuple[TagCard, ...] = ()
    organisations: tuple[OrganisationCard, ...] = ()
    more: bool = False
    terms: frozenset[str] = field(default=frozenset())

    @property
    def none(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.topics or self.people or self.categories or self.tags or self.organisations)


class Scored(Struct, frozen=True):
    """A post (the first one for a topic's own document), and how well it answers, whatever its age."""

    topic_id: int
    post_id: int
    score: float


async def search(viewer: Viewer, asked: Asked, page: int = 1, size: int = PAGE_SIZE) -> Results:
    """Everything that answers a question, for this viewer.

    Args:
        page: of topics, from 1 on; people, themes, tags and organisations come with the first one.
    """
    if asked.empty:
        return Results(asked)
    wanted = await understand(viewer, asked.words, await current_thesaurus())
    ranked = await ranked_topics(viewer, asked, wanted)
    shown = ranked[(page - 1) * size : page * size]
    hits = await _hits(shown, wanted)
    if asked.bounded or page > 1:
        return Results(asked, hits, more=len(ranked) > page * size, terms=wanted.terms)
    return Results(
        asked,
        hits,
        await people_found(viewer, wanted),
        themes_found(viewer, asked.words),
        await tags_found(viewer, asked.words),
        tuple((await find_organisations(Directory(words=asked.words), FEW)).organisations),
        len(ranked) > page * size,
        wanted.terms,
    )


async def ranked_topics(viewer: Viewer, asked: Asked, wanted: Wanted) -> list[Scored]:
    """The topics within the bounds, best first, each at its best post."""
    if not asked.words:
        return await _within(viewer, bounds_of(viewer, asked, 0), asked.order)
    bounds = bounds_of(viewer, asked, 1)
    # By date or by votes, what is only near would come before what was asked for.
    by_meaning = not asked.places and not asked.order
    meant = asyncio.create_task(nearest_in_meaning(viewer, asked.words if by_meaning else ""))
    rarity, scored = weights(wanted, await total_documents(viewer)), dict[tuple[str, int], float]()
    kinds = ["topic"] if asked.places else ["topic", "post"]
    within = [
        Within(known, bounds.topic if known.kind == "topic" else bounds.post)
        for known in filter(None, map(source, kinds))
    ]
    for found in await candidates(viewer, wanted, rarity, within, *bounds.values):
        if "title" in asked.places:
            found = type(found)(found.kind, found.item_id, found.title_terms, "")
        scored[found.kind, found.item_id] = score(wanted, found, rarity)
    near = await meant
    for topic in await _meant(viewer, near, bounds):
        scored.setdefault(("topic", topic), 0.0)
    return await _in_order(scored, near, asked.order)


async def _meant(viewer: Viewer, near: Mapping[int, float], bounds: Bounds) -> list[int]:
    """What is near enough without a word in common, within the bounds, of what may be seen at this moment."""
    enough, known = [topic for topic, nearness in near.items() if nearness >= NEAR], source("topic")
    if not enough or known is None:
        return []
    numbers = ids(frozenset(enough))
    rows = await sql(
        f"""SELECT d.item_id FROM search_documents d WHERE d.kind = {{0}} AND d.item_id IN ({numbers})
            AND {known.visible(viewer)} {bounds.topic}""",
        known.kind,
        *bounds.values,
    )
    return [row["item_id"] for row in rows]


async def _in_order(
    scored: dict[tuple[str, int], float], near: Mapping[int, float], order: str
) -> list[Scored]:
    """One place a topic, at its best post; what hardly answers is left out.

    Args:
        near: how near topics are in meaning, whatever their words.
    """
    topics = ids(frozenset(n for kind, n in scored if kind == "topic"))
    posts = ids(frozenset(n for kind, n in scored if kind == "post"))
    rows = await sql(
        f"""SELECT p.id, p.topic_id, p.post_number, p.created_at, t.bumped_at, t.accepted_count, t.views,
                t.like_count, t.freshness, t.created_at AS opened_at
            FROM posts p JOIN topics t ON t.id = p.topic_id
            WHERE (p.topic_id IN ({topics}) AND p.post_number = 1) OR p.id IN ({posts})"""
    )
    best: dict[int, tuple[float, int, dict[str, Any]]] = {}
    worded = set[int]()
    for row in rows:
        key = ("topic", row["topic_id"]) if row["post_number"] == 1 else ("post", row["id"])
        words = scored.get(key, 0.0)
        if words:
            worded.add(row["topic_id"])
        value = words + MEANING * near.get(row["topic_id"], 0.0)
        value *= boost(row["accepted_count"] > 0, as_datetime(row["created_at"]), now())
        if row["topic_id"] not in best or value > best[row["topic_id"]][0]:
            best[row["topic_id"]] = (value, row["id"], row)
    most = max((value for value, _post, _row in best.values()), default=0.0)
    column = {"latest": "created_at", "latest_topic": "opened_at", "likes": "like_count", "views": "views"}
    kept = [
        (topic, *rest)
        for topic, rest in best.items()
        if rest[0] > most * (FLOOR if topic in worded else WORDLESS_FLOOR)
    ]
    if order in column:
        kept.sort(key=lambda one: (one[3][column[order]], one[0]), reverse=True)
    else:
        kept.sort(key=lambda one: (-one[1] * trust(one[3]["freshness"]), -one[0]))
    return [Scored(topic, post, value) for topic, value, post, _row in kept]


async def _within(viewer: Viewer, bounds: Bounds, order: str) -> list[Scored]:
    """The topics within the bounds when no word was typed, the latest first."""
    column = {"likes": "t.like_count", "views": "t.views", "latest_topic": "t.created_at"}.get(
        order, "t.bumped_at"
    )
    bound = bounds.topic.replace("d.item_id", "t.id")
    rows = await sql(
        f"""SELECT t.id, p.id AS post_id FROM topics t JOIN posts p ON p.topic_id = t.id AND p.post_number = 1
            WHERE t.deleted_at IS NULL AND t.category_id IN ({ids(viewer.rights.see)}) {bound}
            ORDER BY {column} DESC, t.id DESC LIMIT 200""",
        *bounds.values,
    )
    return [Scored(row["id"], row["post_id"], 0.0) for row in rows]


async def _hits(shown: Sequence[Scored], wanted: Wanted) -> tuple[TopicHit, ...]:
    cards = {card.id: card for card in await topic_cards([one.topic_id for one in shown])}
    rows = await sql(
        f"""SELECT p.id, p.post_number, p.cooked, p.created_at, p.up_count, u.id AS user_id, {PERSON_COLUMNS}
            FROM posts p JOIN users u ON u.id = p.user_id
            WHERE p.id IN ({ids(frozenset(one.post_id for one in shown))})"""
    )
    posts = {row["id"]: row for row in rows}
    return tuple(
        TopicHit(
            cards[one.topic_id],
            one.post_id,
            posts[one.post_id]["post_number"],
            person_card(posts[one.post_id]),
            marked(cards[one.topic_id].title, wanted.terms),
            extract(plain(posts[one.post_id]["cooked"]), wanted.terms),
            as_datetime(posts[one.post_id]["created_at"]),
            posts[one.post_id]["up_count"],
            one.score,
        )
        for one in shown
        if one.topic_id in cards and one.post_id in posts
    )


async def topic_cards(numbers: Sequence[int]) -> list[TopicCard]:
    """The topics of these ids, which the caller has found through what the viewer may see."""
    rows = await sql(f"SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE t.id IN ({ids(frozenset(numbers))})")
    return [topic_card(row) for row in rows]

"""What the database proposes, before it is put in order: at most 200 documents of a kind.

Both engines are asked with the same terms and propose the same documents: where more than that match, those
that hold most of the question, the latest first, by no statistics of their own. On a large base a question of
frequent words would touch most of it: it is asked with all of its concepts at once first (unless it is long),
then with the rare ones only.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.viewer import Viewer
from forum.search.concepts import SYNONYM, TYPED, Concept, Wanted
from forum.search.indexing import kind_term
from forum.search.ranking import IN_BODY, IN_TITLE, Found
from forum.search.sources import Source, scopes_of
from forum.search.thesaurus import Phrase
from realtime.sql import dialect, sql

CANDIDATES = 200
ENOUGH = 10
# What says more things than this is hardly ever held whole; what holds most of it holds its rare words.
LONG = 6
# More documents than this are not put in order by the database, within the time that a page has.
MANY = 4_000


class Within(Struct, frozen=True):
    """A kind of thing to look among, and another SQL condition on its documents `d`."""

    source: Source
    where: str = ""


async def candidates(
    viewer: Viewer, wanted: Wanted, rarity: Sequence[float], within: Sequence[Within], *values: str
) -> list[Found]:
    """The documents of some kinds that a viewer may see and that hold something of what is wanted.

    Args:
        rarity: what each concept tells (`forum/search/ranking.py`).
        values: of the placeholders in the conditions of `within`, from `{1}` on.
    """
    concepts = [c for c in wanted.concepts if _documents(c, wanted)]
    if not concepts:
        return []
    asking = _Asking(viewer, wanted, dict(zip(wanted.concepts, rarity, strict=True)), within, values)
    total = sum(_documents(concept, wanted) for concept in concepts)
    if total <= CANDIDATES:
        return await _ask(asking, _any(concepts, wanted))
    if total <= MANY:
        return await _choose(asking, concepts)
    rare = _rarest(concepts, wanted)
    if rare and len(concepts) > LONG:
        return await _choose(asking, rare)
    together = await _together(asking, _all(concepts, wanted))
    scarce = [one for one in within if sum(f.kind == one.source.kind for f in together) < ENOUGH]
    if not scarce or not rare:
        return together
    found = await _choose(replace(asking, within=scarce), rare)
    return list({(one.kind, one.item_id): one for one in [*together, *found]}.values())


class _Asking(Struct, frozen=True):
    """Who asks for what, and among what."""

    viewer: Viewer
    wanted: Wanted
    rarity: dict[Concept, float]
    within: Sequence[Within]
    values: Sequence[str]

    @property
    def seen(self) -> str:
        """The SQL condition on `d`: of these kinds, what the viewer may see."""
        kinds = (
            f"(d.kind = '{one.source.kind}' AND {one.source.visible(self.viewer)} {one.where})"
            for one in self.within
        )
        return f"({' OR '.join(kinds)})"

    @property
    def likely(self) -> str:
        """The same as the index knows it, without a look at what is told of: it may be a moment old."""
        scopes = scopes_of(self.viewer)
        kinds = (f"(d.kind = '{one.source.kind}' {one.where})" for one in self.within)
        return f"d.scope IN ({scopes}) AND ({' OR '.join(kinds)})"


def _documents(concept: Concept, wanted: Wanted) -> int:
    """In how many documents a concept stands at the most."""
    ways = (min(wanted.documents.get(term, 0) for term in phrase) for phrase, _weight in concept.ways)
    return sum(ways)


def _rarest(concepts: Sequence[Concept], wanted: Wanted) -> list[Concept]:
    """The rarest concepts, as many of them as the database can put in order, as they were typed."""
    kept, total = set[int](), 0
    for place in sorted(range(len(concepts)), key=lambda n: _documents(concepts[n], wanted)):
        total += _documents(concepts[place], wanted)
        if total > MANY:
            break
        kept.add(place)
    return [concept for place, concept in enumerate(concepts) if place in kept]


def _and() -> str:
    return " AND " if dialect() == "sqlite" else " & "


def _or(parts: Sequence[str]) -> str:
    return "(" + (" OR " if dialect() == "sqlite" else " | ").join(dict.fromkeys(parts)) + ")"


def _term(term: str, *, in_title: bool = False) -> str:
    """A term as both query languages quote it; terms hold letters and figures only."""
    if dialect() == "sqlite":
        return f'"{term}"'
    return f"'{term}':A" if in_title else f"'{term}'"


def _way(phrase: Phrase, *, in_title: bool = False) -> str:
    way = "(" + _and().join(_term(term, in_title=in_title) for term in phrase) + ")"
    return f"title_terms : {way}" if in_title and dialect() == "sqlite" else way


def _any(concepts: Sequence[Concept], wanted: Wanted) -> str:
    return _or([way for concept in concepts for way in _ways(concept, wanted)])


def _all(concepts: Sequence[Concept], wanted: Wanted) -> str:
    return _and().join(_or(_ways(concept, wanted)) for concept in concepts)


def _ways(concept: Concept, wanted: Wanted, *, typed: bool = False, in_title: bool = False) -> list[str]:
    """The ways that some document may hold; as typed only, or in titles only, if so asked."""
    said = [phrase for phrase, weight in concept.ways if weight >= TYPED or not typed]
    held = [phrase for phrase in said if all(term in wanted.terms for term in phrase)]
    return [_way(phrase, in_title=in_title) for phrase in held]


async def _ask(asking: _Asking, wish: str) -> list[Found]:
    """The documents that match, those that were indexed last first.

    By the name that SQLite's index has for their number: it then stops as soon as there are enough.
    """
    number = "f.rowid" if dialect() == "sqlite" else "d.id"
    rows = await sql(
        f"""SELECT d.kind, d.item_id, d.title_terms, d.body_terms FROM {_matching()} {_query(0)}
            AND {asking.seen} ORDER BY {number} DESC LIMIT {CANDIDATES}""",
        wish,
        *asking.values,
    )
    return [Found(**row) for row in rows]


async def _together(asking: _Asking, wish: str) -> list[Found]:
    """The same, as many of each kind."""
    each = [_ask(replace(asking, within=[one]), _of_kind(one.source, wish)) for one in asking.within]
    return [*chain(*await asyncio.gather(*each))]


async def _choose(asking: _Asking, concepts: Sequence[Concept]) -> list[Found]:
    """Of the documents that match, those of each kind that hold most of the question, as the ranking does.

    Each concept counts by its rarity and by the best place that it has; whole numbers, so that both engines
    add up the same. What may not be seen is left out before the choice by the index, which may be a moment
    old, and after it by the tables: thousands match, and a disk takes seconds for a row of each.
    """
    hits, wishes = list[str](), list[str]()
    for number, concept in enumerate(concepts):
        for place, ways in _places(concept, asking.wanted):
            at = len(asking.values) + len(wishes) if wishes else 0
            value = round(1000 * asking.rarity[concept] * place)
            hits.append(f"SELECT {number} AS concept, {value} AS value, {_ids_matching()} {_query(at)}")
            wishes.append(_or(ways))
    rows = await sql(
        f"""WITH hits AS ({" UNION ALL ".join(hits)}),
            best AS (SELECT id, concept, MAX(value) AS value FROM hits GROUP BY id, concept),
            matching AS (SELECT id, SUM(value) AS value FROM best GROUP BY id),
            ranked AS (SELECT d.id, ROW_NUMBER() OVER
                    (PARTITION BY d.kind ORDER BY m.value DESC, d.item_id DESC) AS place
                FROM matching m JOIN search_documents d ON d.id = m.id WHERE {asking.likely})
            SELECT d.kind, d.item_id, d.title_terms, d.body_terms
            FROM ranked r JOIN search_documents d ON d.id = r.id
            WHERE r.place <= {CANDIDATES} AND {asking.seen}""",
        wishes[0],
        *asking.values,
        *wishes[1:],
    )
    return [Found(**row) for row in rows]


def _places(concept: Concept, wanted: Wanted) -> Iterator[tuple[float, list[str]]]:
    """Where a concept may stand, with what it counts there (`forum/search/ranking.py`)."""
    for in_title, value in ((True, IN_TITLE), (False, IN_BODY)):
        typed = _ways(concept, wanted, typed=True, in_title=in_title)
        every = _ways(concept, wanted, in_title=in_title)
        if typed:
            yield value * TYPED, typed
        if every != typed:
            yield value * SYNONYM, every


def _of_kind(source: Source, wish: str) -> str:
    return f"{_term(kind_term(source.kind))}{_and()}({wish})"


def _matching() -> str:
    """The documents `d` that match what follows."""
    if dialect() == "postgres":
        return "search_documents d WHERE d.vector @@"
    return "search_index f JOIN search_documents d ON d.id = f.rowid WHERE search_index MATCH"


def _ids_matching() -> str:
    """Nothing but the numbers of the documents that match what follows."""
    if dialect() == "postgres":
        return "id FROM search_documents WHERE vector @@"
    return "rowid AS id FROM search_index WHERE search_index MATCH"


def _query(at: int) -> str:
    """What is asked, by its placeholder. PostgreSQL would read it anew for each row that it looks at."""
    return f"{{{at}}}" if dialect() == "sqlite" else f"(SELECT {{{at}}}::text::tsquery)"

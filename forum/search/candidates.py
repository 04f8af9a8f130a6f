"""What the database proposes, before it is put in order: at most 200 documents of a kind.

Both engines are asked with the same terms and propose the same documents: where more than that match, those
that hold most of the question, the latest first, by no statistics of their own. On a large base a question of
frequent words would touch most of it: it is asked with all of its concepts at once first, then with the rare
ones only.
"""

from collections.abc import Iterator, Sequence

from forum.accounts.viewer import Viewer
from forum.search.concepts import SYNONYM, TYPED, Concept, Wanted
from forum.search.indexing import kind_term
from forum.search.ranking import IN_BODY, IN_TITLE, Found, weights
from forum.search.sources import Source, total_documents
from forum.search.thesaurus import Phrase
from realtime.sql import dialect, sql

CANDIDATES = 200
ENOUGH = 10
# More documents than this are not put in order by the database, within the time that a page has.
MANY = 4_000


async def candidates(
    viewer: Viewer, source: Source, wanted: Wanted, where: str = "", *values: str
) -> list[Found]:
    """The documents of a kind that a viewer may see and that hold something of what is wanted.

    Args:
        where: another SQL condition on `d`. `values`: of its placeholders, from `{1}` on.
    """
    concepts = [c for c in wanted.concepts if _documents(c, wanted)]
    if not concepts:
        return []
    total = sum(_documents(concept, wanted) for concept in concepts)
    if total <= CANDIDATES:
        return await _ask(viewer, source, _any(concepts, wanted), where, values)
    if total <= MANY:
        return await _choose(viewer, source, concepts, wanted, where, values)
    together = await _ask(viewer, source, _all(concepts, wanted), where, values)
    rare = _rarest(concepts, wanted)
    if len(together) >= ENOUGH or not rare:
        return together
    found = await _choose(viewer, source, rare, wanted, where, values)
    return list({one.item_id: one for one in [*together, *found]}.values())


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


async def _ask(viewer: Viewer, source: Source, wish: str, where: str, values: Sequence[str]) -> list[Found]:
    """The documents that match, those that were indexed last first.

    By the name that SQLite's index has for their number: it then stops as soon as there are enough.
    """
    number = "f.rowid" if dialect() == "sqlite" else "d.id"
    rows = await sql(
        f"""SELECT d.kind, d.item_id, d.title_terms, d.body_terms FROM {_matching()} {_query(0)}
            AND {source.visible(viewer)} {where} ORDER BY {number} DESC LIMIT {CANDIDATES}""",
        _of_kind(source, wish),
        *values,
    )
    return [Found(**row) for row in rows]


async def _choose(
    viewer: Viewer,
    source: Source,
    concepts: Sequence[Concept],
    wanted: Wanted,
    where: str,
    values: Sequence[str],
) -> list[Found]:
    """Of the documents that match, those that hold most of the question by the ranking's own measures.

    Each concept counts by its rarity and by the best place that it has; whole numbers, so that both engines
    add up the same. What may not be seen is left out before the choice; only the chosen ones are read whole.
    """
    rarity = dict(zip(wanted.concepts, weights(wanted, await total_documents(viewer)), strict=True))
    hits, wishes = list[str](), list[str]()
    for number, concept in enumerate(concepts):
        for place, ways in _places(concept, wanted):
            at = len(values) + len(wishes) if wishes else 0
            value = round(1000 * rarity[concept] * place)
            hits.append(f"SELECT {number} AS concept, {value} AS value, {_ids_matching()} {_query(at)}")
            wishes.append(_of_kind(source, _or(ways)))
    rows = await sql(
        f"""WITH hits AS ({" UNION ALL ".join(hits)}),
            best AS (SELECT id, concept, MAX(value) AS value FROM hits GROUP BY id, concept),
            matching AS (SELECT id, SUM(value) AS value FROM best GROUP BY id),
            chosen AS (SELECT d.id, m.value, d.item_id
                FROM matching m JOIN search_documents d ON d.id = m.id
                WHERE {source.visible(viewer)} {where}
                ORDER BY m.value DESC, d.item_id DESC LIMIT {CANDIDATES})
            SELECT d.kind, d.item_id, d.title_terms, d.body_terms
            FROM chosen c JOIN search_documents d ON d.id = c.id ORDER BY c.value DESC, c.item_id DESC""",
        wishes[0],
        *values,
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

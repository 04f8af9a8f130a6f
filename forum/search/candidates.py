"""What the database proposes, before it is put in order: at most 200 documents of a kind.

Both engines are asked with the same terms. On a large base a question of frequent words would touch most of
it: it is asked with all of its concepts at once first, then with the rare ones only.
"""

from collections.abc import Sequence

from forum.accounts.viewer import Viewer
from forum.search.concepts import Concept, Wanted
from forum.search.indexing import kind_term
from forum.search.ranking import Found
from forum.search.sources import Source
from forum.search.thesaurus import Phrase
from realtime.sql import dialect, sql

CANDIDATES = 200
ENOUGH = 10
# More documents than this are not put in order by the database, within the time that a page has.
MANY = 6_000


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
    if total <= MANY:
        return await _ask(viewer, source, _any(concepts, wanted), where, values, ranked=True)
    together = await _ask(viewer, source, _all(concepts, wanted), where, values, ranked=False)
    rare = [concept for concept in concepts if _documents(concept, wanted) <= MANY]
    if len(together) >= ENOUGH or not rare:
        return together
    found = await _ask(viewer, source, _any(rare, wanted), where, values, ranked=True)
    return list({one.item_id: one for one in [*together, *found]}.values())


def _documents(concept: Concept, wanted: Wanted) -> int:
    """In how many documents a concept stands at the most."""
    ways = (min(wanted.documents.get(term, 0) for term in phrase) for phrase, _weight in concept.ways)
    return sum(ways)


def _and() -> str:
    return " AND " if dialect() == "sqlite" else " & "


def _or(parts: Sequence[str]) -> str:
    return "(" + (" OR " if dialect() == "sqlite" else " | ").join(dict.fromkeys(parts)) + ")"


def _term(term: str) -> str:
    """A term as both query languages quote it; terms hold letters and figures only."""
    return f'"{term}"' if dialect() == "sqlite" else f"'{term}'"


def _way(phrase: Phrase) -> str:
    return "(" + _and().join(map(_term, phrase)) + ")"


def _any(concepts: Sequence[Concept], wanted: Wanted) -> str:
    return _or([way for concept in concepts for way in _ways(concept, wanted)])


def _all(concepts: Sequence[Concept], wanted: Wanted) -> str:
    return _and().join(_or(_ways(concept, wanted)) for concept in concepts)


def _ways(concept: Concept, wanted: Wanted) -> list[str]:
    """The ways that some document may hold."""
    return [_way(phrase) for phrase, _weight in concept.ways if all(term in wanted.terms for term in phrase)]


async def _ask(
    viewer: Viewer, source: Source, wish: str, where: str, values: Sequence[str], *, ranked: bool
) -> list[Found]:
    match = f"{_term(kind_term(source.kind))}{_and()}({wish})"
    seen = f"{source.visible(viewer)} {where}"
    if dialect() == "sqlite":
        order = "bm25(search_index, 4.0, 1.0)" if ranked else "f.rowid DESC"
        query = f"""SELECT d.kind, d.item_id, d.title_terms, d.body_terms FROM search_index f
            JOIN search_documents d ON d.id = f.rowid
            WHERE search_index MATCH {{0}} AND {seen} ORDER BY {order} LIMIT {CANDIDATES}"""
    else:
        order = "ts_rank(d.vector, {0}::text::tsquery) DESC, d.id DESC" if ranked else "d.id DESC"
        query = f"""SELECT d.kind, d.item_id, d.title_terms, d.body_terms FROM search_documents d
            WHERE d.vector @@ {{0}}::text::tsquery AND {seen} ORDER BY {order} LIMIT {CANDIDATES}"""
    return [Found(**row) for row in await sql(query, match, *values)]

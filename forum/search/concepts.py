"""A question as concepts: what was typed, what it was meant to be, and what else is said for it."""

from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.search.analysis import stem, telling, words
from forum.search.sources import scopes_of
from forum.search.thesaurus import Phrase, Thesaurus
from realtime.sql import places, sql

MAX_WORDS = 24
TYPED, CORRECTED, SYNONYM = 1.0, 0.85, 0.7
SHORTEST = 4
MAX_CORRECTIONS = 2
MAX_COMPLETIONS = 5


class Concept(Struct, frozen=True):
    """One thing that is asked for: each way to say it, with how much it counts. The first was typed."""

    ways: tuple[tuple[Phrase, float], ...]


class Wanted(Struct, frozen=True, dict=True):
    """What a question asks for; `documents` says in how many documents a term stands."""

    concepts: tuple[Concept, ...]
    documents: dict[str, int]
    typed: tuple[str, ...]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Every term that documents hold: what may be shown as found."""
        said = (term for c in self.concepts for phrase, _weight in c.ways for term in phrase)
        return frozenset(term for term in said if self.documents.get(term))

    @cached_property
    def beginning(self) -> dict[str, list[tuple[int, Phrase, float]]]:
        """By its first term each way to say something, with the number of its concept and its weight."""
        found: dict[str, list[tuple[int, Phrase, float]]] = {}
        for number, concept in enumerate(self.concepts):
            for phrase, weight in concept.ways:
                found.setdefault(phrase[0], []).append((number, phrase, weight))
        return found

    @cached_property
    def line(self) -> str:
        """The terms in the order in which they were typed; "" for fewer than two."""
        line = " ".join(term for concept in self.concepts for term in concept.ways[0][0])
        return line if " " in line else ""


async def understand(
    viewer: Viewer, text: str, known: Thesaurus, *, spelling: bool = True, unfinished: bool = False
) -> Wanted:
    """Read a question, knowing no other words than those of documents that its viewer may see.

    Args:
        text: what was typed, without filters.
        known: the synonyms; an empty one for none.
        spelling: whether words that no document holds are corrected.
        unfinished: whether the last word may be the beginning of others.
    """
    typed = list(dict.fromkeys(telling(text)))[:MAX_WORDS]
    begun = _begun(text, typed) if unfinished else ""
    typed = typed or [*filter(None, [begun])]
    counts = await _documents(viewer, (stem(word) for word in typed))
    meant = {
        word: await _corrections(viewer, word, known)
        for word in typed
        if spelling and not counts.get(stem(word)) and (stem(word),) not in known.by_phrase
    }
    if begun and (whole := await _completions(viewer, begun, known)):
        meant[begun] = whole
    concepts = tuple(_concepts(typed, meant, known))
    terms = {term for concept in concepts for phrase, _weight in concept.ways for term in phrase}
    return Wanted(concepts, counts | await _documents(viewer, terms - counts.keys()), tuple(typed))


def _begun(text: str, typed: list[str]) -> str:
    """The word that the text ends in; a frequent one ("car", "can") only if nothing else is said."""
    last = next(reversed([*words(text)]), None)
    if last is None or last.end < len(text):
        return ""
    return last.folded if last.folded in typed or (not typed and len(last.folded) > 1) else ""


def _concepts(typed: list[str], meant: dict[str, list[str]], known: Thesaurus) -> list[Concept]:
    """The longest phrases that the thesaurus knows, then single words."""
    said = [stem((meant.get(word) or [word])[0]) for word in typed]
    found: list[Concept] = []
    at = 0
    while at < len(typed):
        for size in range(min(known.longest, len(typed) - at), 1, -1):
            phrase = tuple(said[at : at + size])
            if phrase in known.by_phrase:
                found.append(_concept(phrase, [], known))
                at += size
                break
        else:
            others = [stem(word) for word in meant.get(typed[at], [])]
            found.append(_concept((stem(typed[at]),), others, known))
            at += 1
    return found


def _concept(phrase: Phrase, corrections: list[str], known: Thesaurus) -> Concept:
    ways: dict[Phrase, float] = {phrase: TYPED}
    for term in corrections:
        ways.setdefault((term,), CORRECTED)
    for way, weight in list(ways.items()):
        for other in known.others(way):
            ways.setdefault(other, weight * SYNONYM)
    return Concept(tuple(ways.items()))


async def _documents(viewer: Viewer, terms: Iterable[str]) -> dict[str, int]:
    """In how many documents that the viewer may see each of these terms stands, about.

    The sign before `scope` says that its index is of no use: SQLite would read every word of each theme.
    """
    wanted = sorted(set(terms))
    if not wanted:
        return {}
    rows = await sql(
        f"""SELECT stem, SUM(documents) AS n FROM search_vocabulary
            WHERE stem IN {places(0, len(wanted))} AND +scope IN ({scopes_of(viewer)}) GROUP BY stem""",
        *wanted,
    )
    return {row["stem"]: int(row["n"]) for row in rows}


async def _completions(viewer: Viewer, begun: str, known: Thesaurus) -> list[str]:
    """The words that begin so, those of most documents first, then those of the synonyms."""
    rows = await sql(
        f"""SELECT word, SUM(documents) AS documents FROM search_vocabulary
            WHERE initial = {{0}} AND word LIKE {{1}} AND scope IN ({scopes_of(viewer)})
            GROUP BY word HAVING SUM(documents) > 0""",
        begun[0],
        f"{begun}%",
    )
    held = [row["word"] for row in sorted(rows, key=lambda row: (-int(row["documents"]), row["word"]))]
    others = sorted(word for word in known.words if word.startswith(begun))
    whole = [begun] if begun in held or begun in known.words else []
    return list(dict.fromkeys([*whole, *held, *others]))[:MAX_COMPLETIONS]


async def _corrections(viewer: Viewer, word: str, known: Thesaurus) -> list[str]:
    """The words that somebody who typed this may have meant: of the documents or of the synonyms."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    # With the first word that nobody wrote: a start does without it.
    from rapidfuzz.distance import OSA

    reach = 1 if len(word) < 8 else 2
    rows = await sql(
        f"""SELECT word, SUM(documents) AS documents FROM search_vocabulary
            WHERE initial = {{0}} AND length BETWEEN {{1}} AND {{2}} AND scope IN ({scopes_of(viewer)})
            GROUP BY word HAVING SUM(documents) > 0""",
        word[0],
        len(word) - reach,
        len(word) + reach,
    )
    count = {row["word"]: int(row["documents"]) for row in rows}
    near = [
        (distance, -count.get(other, 0), other)
        for other in {*count, *(w for w in known.words if w[0] == word[0])}
        if (distance := OSA.distance(word, other, score_cutoff=reach)) <= reach
    ]
    return [other for _distance, _count, other in sorted(near)[:MAX_CORRECTIONS]]

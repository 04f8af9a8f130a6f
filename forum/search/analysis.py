"""From a text to the terms under which both databases index it, and by which a query finds it.

One analyser for everything: letters folded (case, accents, ligatures), elisions cut (« l’école » is "ecole"),
words that say nothing left out, the rest brought to its stem. The databases see plain ASCII-like tokens and
do nothing of their own, so that both find the same.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex
from msgspec import Struct

MAX_WORD = 40
ELIDED = regex.compile(r"\b(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\p{L})", regex.IGNORECASE)
DOTTED = regex.compile(r"\b(?:\p{L}\.){2,}\p{L}?\b|\b(?:\p{L}\.){2,}")
WORD = regex.compile(rf"{DOTTED.pattern}|[\p{{L}}\p{{M}}\p{{N}}]+(?:['’][\p{{L}}\p{{M}}\p{{N}}]+)*")
BETWEEN_QUOTES = regex.compile(r"[^'’]+")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
# Words that say nothing of what a text is about, folded.
STOPWORDS = frozenset(
    word
    for path in (Path(__file__).parent / "stopwords").glob("*.txt")
    for word in path.read_text(encoding="utf-8").split()
)

# What a stemmer leaves at the end of words of one family (« scolaire », « scolarité »), longest first.
MIN_ROOT = 4
FAMILY_ENDINGS = (
    "isation", "arisat", "tionnair", "ionnair", "ionnel", "arit", "aris", "ation", "ement", "ature", "etur",
    "itur", "atur", "ertur", "ateur", "iteur", "teur", "ment", "ition", "ion", "eur", "ur", "air", "ist",
    "abl", "ibl", "abilit", "ibilit", "ilit", "it", "anc", "enc", "ag", "er", "ir", "iel", "iqu", "al", "if",
    "iv", "is", "i", "y", "e",
)  # fmt: skip


class Word(Struct, frozen=True):
    """A word of a text: as folded, and where it stands in the text as written."""

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Small letters without accents or ligatures.

    >>> fold("Élection à Œuilly")
    'election a oeuilly'
    """
    lower = text.casefold()
    if lower.isascii():
        return lower
    lower = lower.translate(LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))


def words(text: str) -> Iterator[Word]:
    """The words of a text, elisions cut off, `R.G.P.D.` made one word; at most 40 letters of each."""
    for found in WORD.finditer(text):
        if found[0].isalnum():
            yield Word(fold(found[0])[:MAX_WORD], found.start(), found.end())
        else:
            yield from _parts(found[0], found.start())


def _parts(written: str, at: int) -> Iterator[Word]:
    if "." in written:
        yield Word(fold(written.replace(".", "")), at, at + len(written))
        return
    for part in BETWEEN_QUOTES.finditer(written):
        elided = part.end() < len(written) and ELIDED.match(written, part.start())
        possessive = part.start() > 0 and part[0] in ("s", "S")
        if not (elided or possessive):
            yield Word(fold(part[0])[:MAX_WORD], at + part.start(), at + part.end())


def telling(text: str) -> list[str]:
    """The folded words of a text that say something, in order.

    >>> telling("L’école de la commune d’Ormoy")
    ['ecole', 'commune', 'ormoy']
    """
    return [word.folded for word in words(text) if is_telling(word.folded)]


def is_telling(folded: str) -> bool:
    """Whether a word says what a text is about."""
    return folded not in STOPWORDS and (len(folded) > 1 or folded.isdigit())


@lru_cache(maxsize=200_000)
def stem(folded: str) -> str:
    """The one term of a folded word, whatever its language: what its whole family has in common.

    >>> {stem("inondation"), stem("inonder"), stem("inondations")}
    {'inond'}
    >>> {stem("flood"), stem("flooding"), stem("floods")}
    {'flood'}
    """
    if not folded.isalpha():
        return folded
    found = str(_french().stemWord(_without_english_ending(folded)))
    for ending in FAMILY_ENDINGS:
        if found.endswith(ending) and len(found) - len(ending) >= MIN_ROOT:
            return found[: -len(ending)]
    return found


@cache
def _french() -> Any:
    """Loaded with the first word that is looked for: its library brings those of thirty languages along."""
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    return stemmer("french")


def _without_english_ending(folded: str) -> str:
    """An English "-ing" taken away: the French stemmer leaves it alone."""
    for ending in ("ings", "ing"):
        bare = folded.removesuffix(ending)
        if bare != folded and len(bare) >= 3:
            return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "lse" else bare
    return folded


def stems(text: str) -> list[str]:
    """The terms of a text, in order, those of frequent words left out."""
    return [stem(word) for word in telling(text)]

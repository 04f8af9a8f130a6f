"""The order of what was found: the same whichever database found it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from math import exp, log
from pathlib import Path

from msgspec import Struct

from forum.search.analysis import stem, telling
from forum.search.concepts import Concept, Wanted
from forum.search.thesaurus import Phrase

IN_TITLE, IN_BODY, MORE_IN_BODY = 1.0, 0.5, 0.12
SOLVED, RECENT = 0.06, 0.04
RECENT_DAYS = 365.0
PHRASE = 0.12
# What a document keeps that holds next to nothing of what is asked: one word said often is not the subject.
UNCOVERED = 0.7
# What a word tells of its subject that is said of any subject.
PALE, PALE_WORDS = 0.3, Path(__file__).parent / "pale.txt"
# What is doubtful comes after what answers about as well; it is never hidden.
DOUBTS = {"to_check": 0.8, "superseded": 0.6}


class Found(Struct, frozen=True):
    """A document as the database found it, and what is known of it beside its text."""

    kind: str
    item_id: int
    title_terms: str
    body_terms: str


def weights(wanted: Wanted, total: int) -> list[float]:
    """How much each concept tells, among so many documents."""
    return [_rarity(concept, wanted, total) for concept in wanted.concepts]


def score(wanted: Wanted, found: Found, rarity: Sequence[float]) -> float:
    """How well a document answers, from 0 on: each concept by its rarity, its place and its way of saying.

    Of two that add up to the same, the one that holds more of the question answers better.

    Args:
        rarity: what each concept tells (`weights`).
    """
    got = _got(wanted, _held(wanted, found.title_terms), _held(wanted, found.body_terms))
    most = sum(rarity)
    if not most:
        return _phrase(wanted, found)
    strength = sum(r * one for r, one in zip(rarity, got, strict=True)) / most
    covered = sum(r for r, one in zip(rarity, got, strict=True) if one) / most
    return strength * (UNCOVERED + (1 - UNCOVERED) * covered) + _phrase(wanted, found)


def boost(solved: bool, at: datetime, now: datetime) -> float:
    """What an answered topic, and a recent one, gain beside others that answer as well."""
    days = max(0.0, (now - at).total_seconds() / 86400)
    return 1.0 + (SOLVED if solved else 0.0) + RECENT * exp(-days / RECENT_DAYS)


def trust(freshness: str | None) -> float:
    """How much of its place a topic keeps that is to be checked, or that a newer one replaces."""
    return DOUBTS.get(freshness or "", 1.0)


def _held(wanted: Wanted, terms: str) -> dict[str, int]:
    """How often each wanted term stands in a text, of the few that do."""
    line = f" {terms} "
    return {term: line.count(f" {term} ") for term in wanted.terms.intersection(terms.split())}


def _got(wanted: Wanted, title: dict[str, int], body: dict[str, int]) -> list[float]:
    """What each concept has of a document, by the best of its ways that stand there."""
    got = [0.0] * len(wanted.concepts)
    for term in title.keys() | body.keys():
        for number, phrase, weight in wanted.beginning.get(term, ()):
            got[number] = max(got[number], weight * _strength(phrase, title, body))
    return got


def _rarity(concept: Concept, wanted: Wanted, total: int) -> float:
    """What a concept tells, by all of its ways together: a rare synonym tells no more than the usual word."""
    documents = sum(min(wanted.documents.get(term, 0) for term in phrase) for phrase, _weight in concept.ways)
    share = PALE if concept.ways[0][0][0] in pale_terms() and len(concept.ways[0][0]) == 1 else 1.0
    return share * log(1 + (total + 1) / (documents + 1))


@cache
def pale_terms() -> frozenset[str]:
    """What one does or asks about anything, whatever it is: « reprendre », « trouver », « modèle »."""
    return frozenset(map(stem, telling(PALE_WORDS.read_text(encoding="utf-8"))))


def _strength(phrase: Phrase, title: dict[str, int], body: dict[str, int]) -> float:
    if len(phrase) == 1:
        return _of_one(phrase[0], title, body)
    if all(term in title for term in phrase):
        return IN_TITLE + (MORE_IN_BODY if all(term in body for term in phrase) else 0.0)
    if all(term in title or term in body for term in phrase):
        least = min(2 if term in title else body[term] for term in phrase)
        return IN_BODY + MORE_IN_BODY * min(least - 1, 2)
    return 0.0


def _of_one(term: str, title: dict[str, int], body: dict[str, int]) -> float:
    """The same for a single word, as nearly all are: hundreds of documents are scored for a question."""
    if term in title:
        return IN_TITLE + (MORE_IN_BODY if term in body else 0.0)
    return IN_BODY + MORE_IN_BODY * min(body[term] - 1, 2) if term in body else 0.0


def _phrase(wanted: Wanted, found: Found) -> float:
    """A little for words that stand side by side as they were typed."""
    line = wanted.line
    if not line:
        return 0.0
    if f" {line} " in f" {found.title_terms} ":
        return PHRASE
    return PHRASE / 2 if f" {line} " in f" {found.body_terms} " else 0.0

"""The part of a text that shows why it was found, its words marked."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from forum.search.analysis import stem, words

LENGTH, BEFORE = 220, 60


def marked(text: str, terms: frozenset[str]) -> Markup:
    """A line with the words that were found in `<mark>`."""
    return _mark(text, terms, 0, len(text))


def extract(text: str, terms: frozenset[str]) -> Markup:
    """Some 220 letters around the first words that were found, or the beginning."""
    line = " ".join(text.split())
    first = next((word.start for word in words(line) if stem(word.folded) in terms), 0)
    start = line.rfind(" ", 0, first - BEFORE) + 1 if first > BEFORE else 0
    end = (
        len(line) if start + LENGTH >= len(line) else max(line.rfind(" ", start, start + LENGTH), start + 40)
    )
    cut = _mark(line, terms, start, end)
    return Markup("{}{}{}").format("… " if start else "", cut, " …" if end < len(line) else "")


def _mark(text: str, terms: frozenset[str], start: int, end: int) -> Markup:
    parts: list[Markup] = []
    at = start
    for first, last in _places(text[start:end], terms):
        parts += [
            escape(text[at : start + first]),
            Markup("<mark>{}</mark>").format(text[start + first : start + last]),
        ]
        at = start + last
    return Markup("").join([*parts, escape(text[at:end])])


def _places(text: str, terms: frozenset[str]) -> Iterable[tuple[int, int]]:
    return ((word.start, word.end) for word in words(text) if stem(word.folded) in terms)

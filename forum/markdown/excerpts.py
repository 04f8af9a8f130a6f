"""Plain words of a cooked post."""

import re
from collections.abc import Iterator
from html import unescape

import regex

BLOCKS = {
    "blockquote",
    "br",
    "div",
    "footer",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "p",
    "pre",
    "section",
    "td",
    "th",
}
PIECE = re.compile(r'<(/?)(\w+)((?:[^>"]|"[^"]*+")*+)>|[^<]++')
ALT = re.compile(r' alt="([^"]*+)"')
BLANK = re.compile(r"[ \t\n]+")


def excerpt(cooked: str, length: int) -> str:
    """The first words of a cooked post, without what it quotes from others, cut between two words.

    Args:
        length: graphemes at the most, the ellipsis not counted.
    """
    return _excerpt(_pieces(cooked, skip_quotes=True), length) or _excerpt(_pieces(cooked), length)


def all_words(cooked: str, most: int) -> str:
    """The words of a cooked post, quotes included: nothing of how it is written, no address of a link.

    Args:
        most: letters at the most.
    """
    return BLANK.sub(" ", unescape("".join(_pieces(cooked)))).strip(" ")[:most]


def _excerpt(pieces: Iterator[str], length: int) -> str:
    words = ""
    for piece in pieces:
        words += piece
        # Entities and blank spaces shrink: gather more than is shown.
        if len(words) > 8 * length:
            break
    return _cut(BLANK.sub(" ", unescape(words)).strip(" "), length)


def _pieces(cooked: str, *, skip_quotes: bool = False) -> Iterator[str]:
    depth = 0
    for match in PIECE.finditer(cooked):
        closing, tag, attributes = match.groups()
        if tag == "blockquote" and skip_quotes:
            depth += -1 if closing else 1
        elif depth == 0:
            yield _words(match[0], tag, attributes)


def _words(piece: str, tag: str | None, attributes: str | None) -> str:
    if tag is None:
        return piece
    alt = ALT.search(attributes or "") if tag == "img" else None
    return alt[1] if alt else " " if tag in BLOCKS else ""


def _cut(words: str, length: int) -> str:
    if len(words) <= length:
        return words
    start = regex.match(rf"\X{{0,{length}}}", words)
    if start is None or start.end() == len(words):
        return words
    kept = start[0]
    return (kept if words[start.end()].isspace() else kept.rpartition(" ")[0] or kept).rstrip() + "…"

"""What came out of a gathering, in its host's words: an output has an address, and the page leads there."""

import re
from enum import StrEnum

from msgspec import Struct

# An address of the web, or a topic's on this site; the sign that ends a sentence is none of it.
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]»]|(?<![\w/.])/[tp]/[\w/-]*\w")


class Ending(StrEnum):
    """How a gathering ended: with an output, or without one and a reason."""

    OUTPUT = "output"
    NO_OUTPUT = "no_output"
    CALLED_OFF = "called_off"


class Piece(Struct, frozen=True):
    """A part of the words; `path` is where it leads, "" for nowhere."""

    text: str
    path: str = ""


def has_address(words: str) -> bool:
    """Whether the words lead somewhere."""
    return ADDRESS.search(words) is not None


def pieces_of(words: str) -> list[Piece]:
    """The words, cut at their addresses.

    >>> [piece.path for piece in pieces_of("A sheet: /t/a-sheet/12. And more.")]
    ['', '/t/a-sheet/12', '']
    """
    found, end = [], 0
    for match in ADDRESS.finditer(words):
        found += [Piece(words[end : match.start()]), Piece(match[0], match[0])]
        end = match.end()
    return [piece for piece in (*found, Piece(words[end:])) if piece.text]

"""Text as typed, checked before anything else: NFC, bounded, without what cannot be stored or seen."""

import unicodedata

import regex

MAX_GRAPHEMES = 32_000
# No grapheme of a living script needs more; beyond, it is a tower of accents, not text.
MAX_CHARACTERS_PER_GRAPHEME = 8

GRAPHEME = regex.compile(r"\X")
INVISIBLE = regex.compile(r"[\s\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115f\u1160\u3164\u2800\ufe00-\ufe0f]+")
CONTROL = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
SURROGATE = regex.compile(r"[\ud800-\udfff]")


class BadText(ValueError):
    """A text that cannot be a post; `reason` is empty, too_long, control or surrogate."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_text(raw: str) -> str:
    """The text in NFC with plain line ends, without blank space around it.

    Raises:
        BadText: nothing to see in it, more than 32,000 graphemes, control characters, lone surrogates.
    """
    return _clean(raw.replace("\r\n", "\n").replace("\r", "\n"), MAX_GRAPHEMES)


def clean_line(raw: str, max_graphemes: int) -> str:
    """A text on one line (a title), its blank spaces joined.

    Raises:
        BadText: as for a text.
    """
    text = _clean(" ".join(_checked(raw).split()), max_graphemes)
    if "\n" in text:
        raise BadText("control")
    return text


def _clean(raw: str, max_graphemes: int) -> str:
    text = unicodedata.normalize("NFC", _checked(raw)).strip()
    if len(text) > max_graphemes and _too_long(text, max_graphemes):
        raise BadText("too_long")
    if not INVISIBLE.sub("", text):
        raise BadText("empty")
    return text


def _checked(raw: str) -> str:
    if SURROGATE.search(raw):
        raise BadText("surrogate")
    if CONTROL.search(raw):
        raise BadText("control")
    return raw


def _too_long(text: str, limit: int) -> bool:
    """Count graphemes, no further than needed; towers of accents count as too long."""
    if len(text) > limit * MAX_CHARACTERS_PER_GRAPHEME:
        return True
    return any(n > limit for n, _grapheme in enumerate(GRAPHEME.finditer(text), 1))

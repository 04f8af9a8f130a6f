"""Text as typed, checked before anything else: NFC, bounded, without what cannot be stored or seen."""

import re
import unicodedata

import regex

MAX_GRAPHEMES = 32_000
# Texts of living scripts stay far below; beyond, it is made to be slow.
MAX_CHARACTERS = 4 * MAX_GRAPHEMES
COUNTING_SECONDS = 0.1

GRAPHEME = regex.compile(r"\X")
# A pair of regional indicators is one flag; counted here, because `regex` is quadratic on rows of flags.
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
INVISIBLE = regex.compile(r"[\s\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Unicode's own bound (UAX #15, stream-safe text): normalising longer runs of marks takes quadratic time.
TOWER = regex.compile(r"\p{M}{31}")
# What turns the direction of the words that follow, on a line that stands among other people's words.
DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
BLANK = re.compile(r"[ \t\r\n]+")


class BadText(ValueError):
    """A text that cannot be a post; `reason` is empty, too_long, control or surrogate."""

    def __init__(self, reason: str, limit: int = MAX_GRAPHEMES) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def clean_text(raw: str, max_graphemes: int = MAX_GRAPHEMES) -> str:
    r"""The text in NFC, lines ended by \n, without blank space around it.

    Args:
        max_graphemes: and as many more in characters as a post may have.

    Raises:
        BadText: nothing to see in it, more than that, control characters (among them more
            marks on one letter than any language needs), lone surrogates.
    """
    return _clean(
        raw.replace("\r\n", "\n").replace("\r", "\n"),
        max_graphemes,
        max_graphemes * MAX_CHARACTERS // MAX_GRAPHEMES,
    )


def clean_line(text: str, max_graphemes: int) -> str:
    """A text on one line (a title), its plain blank spaces joined; no-break spaces stay.

    Args:
        max_graphemes: and half as many again in characters, so that a column can hold it.

    Raises:
        BadText: as for a text.
    """
    return _clean(BLANK.sub(" ", DIRECTION.sub("", text)), max_graphemes, max_graphemes * 3 // 2)


def _clean(text: str, limit: int, max_characters: int) -> str:
    text = text.strip()
    # Decomposed, the same text is twice or thrice as long.
    if len(text) > 3 * max_characters:
        raise BadText("too_long", limit)
    _refuse_unstorable(text, limit)
    text = unicodedata.normalize("NFC", text)
    if len(text) > limit and (len(text) > max_characters or _count(text) > limit):
        raise BadText("too_long", limit)
    if INVISIBLE.fullmatch(text) or not text:
        raise BadText("empty", limit)
    return text


def _refuse_unstorable(text: str, limit: int) -> None:
    if SURROGATE.search(text):
        raise BadText("surrogate", limit)
    if CONTROL.search(text) or TOWER.search(text):
        raise BadText("control", limit)


def _count(text: str) -> float:
    """How many graphemes; infinitely many when they cannot be counted in time."""
    try:
        return sum(1 for _ in GRAPHEME.finditer(FLAG.sub("x", text), timeout=COUNTING_SECONDS))
    except TimeoutError:
        return float("inf")

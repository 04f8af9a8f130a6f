"""What stands in code and what stands in quotes, line by line: one pass, linear, for all who ask."""

import re
from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct, field

OPENING = re.compile(r'\[quote(?:=["“]?([^"“”\]\n]{0,200})["”]?)?\]', re.IGNORECASE)
CLOSING = "[/quote]"
MAX_DEPTH = 5
# A fence may open an item of a list.
FENCE = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
LIST_ITEM = re.compile(r"[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)")
BACKTICKS = re.compile(r"(?<!\\)`+")


class QuoteBlock(Struct, frozen=True):
    """`[quote=attributes]` on line `start`, `[/quote]` on line `end` (the same one for a short quote)."""

    start: int
    end: int
    depth: int
    attributes: str


class Outline(Struct):
    """The quotes of a text by their first line, and the numbers of the lines of code."""

    quotes: dict[int, QuoteBlock] = field(default_factory=dict)
    code: set[int] = field(default_factory=set)


def outline(text: str) -> Outline:
    """Find quotes and code in a text whose lines end with a newline."""
    found = Outline()
    opened: list[tuple[int, str]] = []
    for number, line in _prose(text.split("\n"), found.code):
        if line[:1] == "[":
            _pair(found, opened, number, line)
    return found


def _prose(lines: list[str], code: set[int]) -> Iterator[tuple[int, str]]:
    """The lines outside code, without their indentation; the numbers of the others go into `code`."""
    fence, in_list, after_blank = "", False, True
    for number, line in enumerate(lines):
        words = line.strip()
        if fence:
            code.add(number)
            fence = "" if words.startswith(fence) and not words.strip(fence[0]) else fence
        elif found := FENCE.match(words):
            code.add(number)
            fence = found[1]
        elif words and after_blank and not in_list and line.startswith(("    ", "\t")):
            code.add(number)
            continue
        else:
            in_list = bool(LIST_ITEM.match(words)) or (in_list and (not words or line[0] in " \t"))
            yield number, words
        after_blank = not words


def _pair(found: Outline, opened: list[tuple[int, str]], number: int, line: str) -> None:
    opening = OPENING.match(line)
    if line.lower() == CLOSING and opened:
        start, attributes = opened.pop()
        _keep(found, QuoteBlock(start, number, len(opened), attributes))
    elif opening and opening.end() == len(line):
        opened.append((number, opening[1] or ""))
    elif opening and line[-len(CLOSING) :].lower() == CLOSING:
        _keep(found, QuoteBlock(number, number, len(opened), opening[1] or ""))


def _keep(found: Outline, quote: QuoteBlock) -> None:
    if quote.depth < MAX_DEPTH:
        found.quotes[quote.start] = quote


def own_words(text: str) -> Iterator[str]:
    """The paragraphs that the author wrote: without quotes, of either kind, and without code."""
    found = outline(text)
    paragraph: list[str] = []
    for line in _own_lines(text.split("\n"), found):
        if line:
            paragraph.append(line)
        elif paragraph:
            yield _without_spans("\n".join(paragraph))
            paragraph = []
    yield _without_spans("\n".join(paragraph))


def _own_lines(lines: list[str], found: Outline) -> Iterator[str]:
    """The lines, those of others and of code made empty."""
    quoted_until = -1
    for number, line in enumerate(lines):
        if number in found.quotes:
            quoted_until = max(quoted_until, found.quotes[number].end)
        foreign = number <= quoted_until or number in found.code or line.lstrip().startswith(">")
        yield "" if foreign else line.strip()


def _without_spans(paragraph: str) -> str:
    """The paragraph without `code`: a run of backticks closes at the next run of the same length."""
    runs = list(BACKTICKS.finditer(paragraph))
    later: defaultdict[int, list[re.Match[str]]] = defaultdict(list)
    for run in reversed(runs):
        later[len(run[0])].append(run)
    kept, position = [], 0
    for run in runs:
        same = later[len(run[0])]
        same.pop()
        if run.start() >= position and same:
            kept.append(paragraph[position : run.start()])
            position = same[-1].end()
    return " ".join([*kept, paragraph[position:]])

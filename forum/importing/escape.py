"""Words as markdown that reads as the words did: only what would be markup gets a backslash."""

import re

# Wherever it stands: before punctuation, next to a word, closing a link, opening an address …
SIGN = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~\n]|$)
    |`
    |(?<!\s)\*|\*(?!\s)
    |(?<![^\W_])_|_(?![^\W_])
    |\](?=[(\[:])
    |\[(?=/?quote|\^|[ x]\])
    |<(?=[a-z][a-z0-9+.-]{1,31}:|[^\s<>]{1,64}@)
    |&(?=\#?\w{1,32};)
    |~(?=~)|(?<=~)~""",
    re.VERBOSE | re.IGNORECASE,
)
# At the start of a line: titles, lists, citations, rules, the line below the head of a table.
LINE = re.compile(
    r"""(\s*)(?:(\d{1,9})(?=[.)](?:\s|$))
    |(?=\#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|[-=][-=\s]*$|[-:|][-:|\s]*$))""",
    re.VERBOSE,
)
BRACKET = re.compile(r"(?<!\\)[\[\]]")


def escape(text: str, *, starts_line: bool = True, in_link: bool = False, in_cell: bool = False) -> str:
    """The text as markdown.

    Args:
        starts_line: nothing stands before it on its line.
        in_link, in_cell: it is a part of a link's words, of a table's cell.
    """
    text = SIGN.sub(r"\\\g<0>", text)
    if in_link:
        text = BRACKET.sub(r"\\\g<0>", text)
    if in_cell:
        return text.replace("|", "\\|")
    lines = text.split("\n")
    first = 0 if starts_line else 1
    lines[first:] = [LINE.sub(_begin, line, count=1) if LINE.match(line) else line for line in lines[first:]]
    return "\n".join(lines)


def _begin(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2] or ''}\\"

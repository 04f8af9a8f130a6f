"""An answer's text as a field of a sheet holds it: plain words, as fields know no markdown; files apart."""

import re

FILE = re.compile(r"!?\[[^\]\n]{0,200}\]\(upload://[0-9a-f]{32}\.[a-z0-9]{1,5}\)(?: \([^)\n]{1,20}\))?")
QUOTE = re.compile(r"\[quote[^\]\n]{0,200}\].{0,20000}?\[/quote\]", re.DOTALL | re.IGNORECASE)
LINK = re.compile(r"\[([^\]\n]{1,200})\]\((https?://[^)\s]{1,1000})\)")
HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
STRESSED = re.compile(r"(?<![\w*_])([*_`])(?=\S)([^*_`\n]{1,300})(?<=\S)\1(?![\w*_])")
EMPTY = re.compile(r"\n{3,}")


def prose(markdown: str) -> str:
    """Its words, without what was quoted and without its files; a link's address stands behind its words.

    >>> prose("**Thirty** hours, see [the note](https://example.org/n).")
    'Thirty hours, see the note (https://example.org/n).'
    """
    text = LINK.sub(r"\1 (\2)", FILE.sub("", QUOTE.sub("", markdown)))
    text = HEADING.sub("", STRESSED.sub(r"\2", STRONG.sub(r"\2", text)))
    return EMPTY.sub("\n\n", text).strip()


def files_in(markdown: str) -> list[str]:
    """Its files and pictures, as a text calls them."""
    return FILE.findall(QUOTE.sub("", markdown))

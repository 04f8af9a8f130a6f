"""Plain words of a cooked post."""

import re
from html import unescape

BLOCK_END = re.compile(r"</(?:p|li|h[3-6]|blockquote|pre|tr|div)>|<br>")
TAG = re.compile(r"<[^>]*>")


def excerpt(cooked: str, length: int) -> str:
    """The first words of a cooked post, at most `length` characters, cut at a word."""
    text = unescape(TAG.sub("", BLOCK_END.sub(" ", cooked[: 20 * length])))
    words = " ".join(text.split())
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + "…"

"""Who is addressed in a text: names after an at sign, in the author's own words."""

import re

from forum.markdown.outline import own_words

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?"
MENTION = re.compile(rf"(?<![\w@/.+-])@({NAME})(?![@\w])")
MAX_MENTIONS = 500


def mentions(raw: str) -> set[str]:
    """Lower-cased names mentioned outside code and quotes, the first 500; whether they exist is not known."""
    found: dict[str, None] = {}
    for words in own_words(raw):
        for match in MENTION.finditer(words):
            found[match[1].lower()] = None
            if len(found) == MAX_MENTIONS:
                return set(found)
    return set(found)

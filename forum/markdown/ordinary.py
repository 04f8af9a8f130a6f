"""Which texts are so small and plain that cooking them here takes three milliseconds at the worst."""

import re

MAX_LENGTH = 2_000
MAX_SIGNS = 100
# Each opened bracket makes markdown-it look for its end through the rest of the text.
MAX_BRACKETS_BY_LENGTH = 12_000
# What markdown, our additions and the finder of addresses stop at; the cost grows with their number.
SIGN = re.compile(r"[\[\]{}!*_`<>&\\~#@%^$=+:\n-]|www\.", re.IGNORECASE)
# Colouring code runs the grammars of others on the text of anybody; a table fills its missing cells.
NEVER = re.compile(r"```|~~~|\|")


def is_ordinary(raw: str) -> bool:
    """Whether a text may be cooked in the server's own process (tests/markdown measures the bound)."""
    if len(raw) > MAX_LENGTH or raw.count("[") * len(raw) > MAX_BRACKETS_BY_LENGTH:
        return False
    return not NEVER.search(raw) and len(SIGN.findall(raw)) <= MAX_SIGNS

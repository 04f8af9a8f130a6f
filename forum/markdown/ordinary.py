"""Which texts are so small and plain that cooking them here takes two or three milliseconds at the worst."""

import re

MAX_LENGTH = 2_000
MAX_SIGNS = 60
# What markdown, our additions and the finder of addresses stop at; the cost grows with their number.
SIGN = re.compile(r"[\[\]!*_`<>&\\|~#@\n]|://|www\.", re.IGNORECASE)
# Colouring code runs the grammars of others on the text of anybody.
FENCE = re.compile(r"```|~~~")


def is_ordinary(raw: str) -> bool:
    """Whether a text may be cooked in the server's own process (tests/markdown measures the bound)."""
    return len(raw) <= MAX_LENGTH and not FENCE.search(raw) and len(SIGN.findall(raw)) <= MAX_SIGNS

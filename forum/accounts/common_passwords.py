"""Passwords that are tried first: common ones, with what people add to them to make them long enough.

The list is zxcvbn's, the 30,000 most used ones. Its estimate is not used: two thousand times slower on a
hostile text than on an ordinary one, it would hold up everybody.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

# Signs that are written in the place of letters.
LETTERS = str.maketrans("4@310!5$7", "aaeioisst")
FRENCH = (
    "administrateur", "administration", "agglomeration", "bienvenue", "collectivite", "communaute", "commune",
    "departement", "doudou", "fonctionnaire", "france", "loulou", "mairie", "marianne", "metropole",
    "prefecture", "region", "republique", "sousprefecture",
)  # fmt: skip
ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890",
        "abcdefghijklmnopqrstuvwxyz")  # fmt: skip
NEXT = frozenset(pair for row in ROWS for side in (row, row[::-1]) for pair in pairwise(side))
LONGEST_UNIT, JUMPS = 8, 3


def is_common(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a password is among the first that somebody would try.

    Args:
        about: words about the person and the site: name, address.
    """
    plain = password.casefold()
    words = _known() | {word for text in about for word in re.findall(r"[^\W\d_]{3,}", text.casefold())}
    return any(_is_guessed(text, words) for text in (plain, plain.translate(LETTERS)))


def _is_guessed(text: str, words: frozenset[str]) -> bool:
    if text in words or _is_a_run(text):
        return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    if len(core) < 4 or core in words:
        return True
    return re.fullmatch(rf"(.{{1,{LONGEST_UNIT}}}?)\1+.{{0,{LONGEST_UNIT - 1}}}", text) is not None


def _is_a_run(text: str) -> bool:
    """Keys or letters one after the other, with a few jumps."""
    return sum(pair not in NEXT and pair[0] != pair[1] for pair in pairwise(text)) <= JUMPS


@cache
def _known() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(FRENCH)

"""Post numbers as people type them: `3-7, 12`."""

import re
from collections.abc import Iterable, Mapping

from forum.errors import Invalid
from forum.i18n import gettext as _

PART = re.compile(r"([1-9][0-9]{0,8})(?:\s*[-–]\s*([1-9][0-9]{0,8}))?")
TICKED = re.compile(r"number-([1-9][0-9]{0,8})")


def ticked(fields: Mapping[str, str]) -> frozenset[int]:
    """The numbers whose boxes are ticked."""
    found = (TICKED.fullmatch(name) for name in fields)
    return frozenset(int(match[1]) for match in found if match)


def read_numbers(typed: str) -> list[range]:
    """The numbers between commas or spaces, each a range.

    Raises:
        Invalid: something else stands there.
    """
    parts = re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", typed).strip()) if typed.strip() else []
    found = []
    for part in filter(None, parts):
        match = PART.fullmatch(part)
        if not match or int(match[2] or match[1]) < int(match[1]):
            sentence = _("Write numbers of posts, such as 3-7, 12.")
            raise Invalid(fields={"numbers": sentence})
        found.append(range(int(match[1]), int(match[2] or match[1]) + 1))
    return found


def write_numbers(numbers: Iterable[int]) -> str:
    """The same the other way round.

    >>> write_numbers([3, 4, 5, 9])
    '3-5, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)

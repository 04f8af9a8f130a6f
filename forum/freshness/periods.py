"""For how long what people wrote is taken to hold."""

from calendar import monthrange
from datetime import datetime

from forum.i18n import ngettext
from forum.kinds.registry import kinds

# Between two confirmations, as an author may choose.
CHOICES = (3, 6, 12, 24, 36)
# Of accepted answers; a kind of topic says its own (`holds_for`).
ANSWERS_HOLD_FOR = 12


def dated_kinds() -> dict[str, int]:
    """The kinds of topic whose first post has a review date, each with its months."""
    return {kind.name: kind.holds_for for kind in kinds() if kind.holds_for}


def add_months(at: datetime, months: int) -> datetime:
    """The same day and hour so many months later (or earlier), the last day of a month that is too short.

    >>> add_months(datetime(2027, 1, 31), 1)
    datetime.datetime(2027, 2, 28, 0, 0)
    """
    years, month = divmod(at.month - 1 + months, 12)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def months_words(months: int) -> str:
    """A period in words, in the current language."""
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}

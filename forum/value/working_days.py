"""Working days: Monday to Friday but for the eleven public holidays (Code du travail, article L3133-1)."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Month and day: New Year, Labour Day, 1945, Bastille Day, Assumption, All Saints, 1918, Christmas.
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter: Easter Monday, Ascension, Whit Monday.
MOVABLE = (1, 39, 50)
SATURDAY = 5


@cache
def easter(year: int) -> date:
    """Easter Sunday of a year (the Gregorian computus of Meeus, Jones and Butcher).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, as they are in metropolitan France without Alsace and Moselle."""
    fixed = {date(year, month, day) for month, day in FIXED}
    return frozenset(fixed | {easter(year) + DAY * after for after in MOVABLE})


def is_working_day(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


@lru_cache(maxsize=4096)
def working_day_after(day: date, count: int) -> date:
    """The working day that is the `count`-th after a day, which itself does not count."""
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


def end_of_delay(asked_at: datetime, count: int, zone: ZoneInfo) -> datetime:
    """The midnight that ends the `count`-th working day after the day of a moment, in the site's zone."""
    last = working_day_after(asked_at.astimezone(zone).date(), count)
    return datetime.combine(last + DAY, time(), zone)

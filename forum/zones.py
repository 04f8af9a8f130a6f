"""Time zones, by the names under which people know them."""

import re
from datetime import date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, get_global
from babel.dates import get_timezone_location
from markupsafe import Markup

from forum.clock import now
from forum.errors import Invalid
from forum.i18n import format_day, format_moment
from forum.i18n import gettext as _
from forum.text import slugify

# Where France's public servants work, the most numerous first.
FRANCE = (
    "Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "America/Martinique", "America/Cayenne",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier",
    "Pacific/Wallis", "America/Miquelon", "America/St_Barthelemy", "America/Marigot", "Indian/Kerguelen",
)  # fmt: skip
# As the filters `moment` and `day` write them (templating.py).
TIME = re.compile(r'<time datetime="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"( data-day)?>[^<]*</time>')


@cache
def zone_choices(locale: str) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The zones to choose from, as (name, what people call it): France's, then the others' by place."""
    others = [(name, _place(name, locale)) for name in _others()]
    others.sort(key=lambda choice: (slugify(choice[1]), choice[0]))
    return tuple((name, _place(name, locale)) for name in FRANCE), tuple(others)


def _place(name: str, locale: str) -> str:
    """Babel says "heure : La Réunion": the place alone will do in a list of places."""
    before, _s, after = Locale.parse(locale).zone_formats["region"].partition("%s")
    return str(get_timezone_location(name, locale=locale)).removeprefix(before).removesuffix(after)


@cache
def _others() -> frozenset[str]:
    return frozenset(get_global("zone_territories")) & available_timezones() - frozenset(FRANCE)


def is_zone(name: str) -> bool:
    """Whether it is one of those to choose from."""
    return name in FRANCE or name in _others()


def zone_named(name: str) -> ZoneInfo | None:
    """The zone that a member has chosen; None for "" and for what is no zone any more."""
    # Who has chosen none is everybody at first: they wait for no list of zones.
    return ZoneInfo(name) if name and is_zone(name) else None


def beginning_of(day: str, zone: ZoneInfo) -> datetime:
    """When a day begins there, from a form's date field.

    Raises:
        Invalid: not a day; the sentence stands at `until`.
    """
    try:
        return datetime.combine(date.fromisoformat(day.strip()), time(), zone)
    except ValueError:
        raise Invalid(fields={"until": _("Choose a day.")}) from None


def coming_day(day: str, zone: ZoneInfo) -> datetime:
    """When a day begins there that is still to come.

    Raises:
        Invalid: not a day, or one that has begun; the sentence stands at `until`.
    """
    beginning = beginning_of(day, zone)
    require_to_come(beginning)
    return beginning


def require_to_come(until: datetime) -> None:
    """Raise `Invalid` if this moment is over; the sentence stands at `until`."""
    if until <= now():
        raise Invalid(fields={"until": _("Choose a day that is still to come.")})


def in_zone(html: str, locale: str, zone: ZoneInfo) -> str:
    """A page whose times were written in the site's zone, with those of this one.

    Cards and rows are kept for all viewers; this is what makes their times the member's, without scripts.
    """
    return TIME.sub(lambda found: _written(found[1], bool(found[2]), locale, zone), html)


@lru_cache(maxsize=4096)
def _written(stamp: str, day: bool, locale: str, zone: ZoneInfo) -> str:
    write, mark = (format_day, " data-day") if day else (format_moment, "")
    words = write(datetime.fromisoformat(stamp), locale, zone)
    return Markup('<time datetime="{}"{}>{}</time>').format(stamp, Markup(mark), words)  # noqa: S704 - ours

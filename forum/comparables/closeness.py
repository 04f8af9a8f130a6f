"""How much alike two organisations are: a number, and why in words. Pure."""

from math import asin, cos, log, radians, sin, sqrt

from msgspec import Struct

from forum.i18n import gettext as _
from forum.organisations.words import inhabitants, kind_words

# What counts, and how much of it: the size, the size of the intermunicipal body, the distance.
SIZE, GROUP, PLACE = 0.5, 0.15, 0.35
# A population ten times as large, or two hundred kilometres, are as far as it gets.
MOST_TIMES, MOST_KM = log(10), 200.0
# Where coordinates are missing: in the same intermunicipal body, département, région. About 16, 50, 120 km.
SAME_GROUP, SAME_DEPARTMENT, SAME_REGION = 0.08, 0.25, 0.6
# A size that is not known is taken for one that is three times as large.
UNKNOWN = log(3) / MOST_TIMES
# Another kind is never as near as the same one.
OTHER_KIND = 0.5
EARTH_KM = 6371.0


class Facts(Struct, frozen=True):
    """What is compared; `size` and `group_size` are logarithms of populations, None when not known."""

    id: int
    kind: str
    population: int | None
    size: float | None
    department: str
    region: str
    group: str
    group_size: float | None
    latitude: float | None
    longitude: float | None


class Closeness(Struct, frozen=True):
    """How near an organisation is: from 0 to 1, and the distance in kilometres if it is known."""

    value: float
    reason: str
    km: float | None


def closeness_of(a: Facts, b: Facts) -> Closeness:
    """How near `b` is to `a`, with the reason as people read it."""
    km = kilometres(a, b)
    alike = 1.0 - remoteness(a, b)
    return Closeness(alike if a.kind == b.kind else alike * OTHER_KIND, reason(a, b, km), km)


def remoteness(a: Facts, b: Facts) -> float:
    """From 0 (the same) to 1, whatever their kinds."""
    return SIZE * times(a.size, b.size) + group_gap(a, b) + PLACE * place_gap(a, b)


def times(a: float | None, b: float | None) -> float:
    """How many times larger one is, from 0 to 1."""
    return UNKNOWN if a is None or b is None else min(1.0, abs(a - b) / MOST_TIMES)


def group_gap(a: Facts, b: Facts) -> float:
    """How much their intermunicipal bodies differ in size; nothing where there are none."""
    if a.group == b.group:
        return 0.0
    return GROUP * times(a.group_size, b.group_size)


def place_gap(a: Facts, b: Facts) -> float:
    """How far they are from each other, from 0 to 1."""
    km = kilometres(a, b)
    if km is not None:
        return min(1.0, km / MOST_KM)
    if a.group and a.group == b.group:
        return SAME_GROUP
    if a.department and a.department == b.department:
        return SAME_DEPARTMENT
    return SAME_REGION if a.region and a.region == b.region else 1.0


def kilometres(a: Facts, b: Facts) -> float | None:
    """The distance as the crow flies; None when a place is not known."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return distance(a.latitude, a.longitude, b.latitude, b.longitude)


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two places in degrees."""
    north, east = radians(other_latitude - latitude) / 2, radians(other_longitude - longitude) / 2
    across = sin(north) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, across)))


def reason(a: Facts, b: Facts, km: float | None) -> str:
    """What `b` is and where, seen from `a`: «commune, 790 hab., à 12 km, même intercommunalité»."""
    size = inhabitants(b.population) or _("unknown population")
    return ", ".join(filter(None, (kind_words(b.kind), size, *_where(a, b, km))))


def _where(a: Facts, b: Facts, km: float | None) -> tuple[str, ...]:
    same_group = bool(a.group) and a.group == b.group
    together = _("same intermunicipal body") if same_group else ""
    if km is not None:
        return (_("%(n)s km away") % {"n": round(km)} if km >= 1 else _("less than 1 km away"), together)
    if same_group:
        return (together,)
    if a.department and a.department == b.department:
        return (_("same département"),)
    return (_("same région") if a.region and a.region == b.region else _("distance unknown"),)

"""Organisations in words: what they are, how large."""

from forum.i18n import current_locale, format_number, ngettext
from forum.i18n import gettext as _
from forum.organisations.models import OrganisationKind, VerifiedBy

# Population bands of French statistics: from, up to and including; the last has no end.
BANDS: tuple[tuple[int, int | None], ...] = (
    (0, 499), (500, 999), (1_000, 1_999), (2_000, 3_499), (3_500, 4_999), (5_000, 9_999),
    (10_000, 19_999), (20_000, 49_999), (50_000, 99_999), (100_000, None),
)  # fmt: skip


def kind_words(kind: str) -> str:
    """What an organisation is."""
    words = {
        OrganisationKind.COMMUNE: _("commune"),
        OrganisationKind.EPCI: _("intermunicipal body"),
        OrganisationKind.DEPARTEMENT: _("département"),
        OrganisationKind.REGION: _("région"),
        OrganisationKind.STATE_SERVICE: _("state service"),
        OrganisationKind.PUBLIC_BODY: _("public body"),
        OrganisationKind.HOSPITAL: _("hospital"),
    }
    return words.get(OrganisationKind(kind), _("other organisation"))


def inhabitants(population: int | None) -> str:
    """A population; "" when it is not known."""
    if population is None:
        return ""
    words = ngettext("%(n)s inhabitant", "%(n)s inhabitants", population)
    return words % {"n": format_number(population, current_locale())}


def band_of(population: int | None) -> tuple[int, int | None] | None:
    """The population band; None when the population is not known."""
    if population is None:
        return None
    return next(band for band in BANDS if band[1] is None or population <= band[1])


def band_words(band: tuple[int, int | None]) -> str:
    """A population band."""
    first, last = band
    if last is None:
        return _("%(first)s and more") % {"first": format_number(first, current_locale())}
    return _("%(first)s to %(last)s") % {
        "first": format_number(first, current_locale()),
        "last": format_number(last, current_locale()),
    }


def way_words(way: str) -> str:
    """How a member was verified."""
    words = {
        VerifiedBy.DOMAIN: _("by your mail address"),
        VerifiedBy.CODE: _("by the code sent to the official address"),
        VerifiedBy.VOUCHING: _("by two colleagues"),
        VerifiedBy.SIREN: _("by the single sign-on"),
    }
    return words[VerifiedBy(way)]

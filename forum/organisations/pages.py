"""What the pages of organisations are given."""

from dataclasses import dataclass

from forum.organisations.queries import GroupOfCommunes, OrganisationCard, Wanted
from forum.organisations.words import band_of, band_words, inhabitants, kind_words
from forum.web import LiveChannel


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation of a list, in words."""

    organisation: OrganisationCard

    @property
    def kind(self) -> str:
        """What it is."""
        return kind_words(self.organisation.kind)

    @property
    def inhabitants(self) -> str:
        """How large it is."""
        return inhabitants(self.organisation.population)


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """The directory, or what was found in it."""

    lines: list[OrganisationLine]
    wanted: Wanted
    kinds: list[tuple[str, str]]
    bands: list[tuple[str, str]]
    departments: list[str]
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether something was looked for."""
        return bool(self.wanted.words or self.wanted.kind or self.wanted.department or self.wanted.band)

    @property
    def band(self) -> str:
        """The population band that was chosen, as in addresses."""
        return band_name(self.wanted.band) if self.wanted.band else ""


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """An organisation."""

    organisation: OrganisationCard
    group: GroupOfCommunes | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

    @property
    def line(self) -> OrganisationLine:
        """What it is and how large, in words."""
        return OrganisationLine(self.organisation)

    @property
    def band(self) -> str:
        """Its population band in words."""
        band = band_of(self.organisation.population)
        return band_words(band) if band else ""


def band_name(band: tuple[int, int | None]) -> str:
    """A population band in addresses: `500-999`, `100000-`."""
    return f"{band[0]}-{'' if band[1] is None else band[1]}"

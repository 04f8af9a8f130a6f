"""What the pages of organisations are given."""

from collections.abc import Mapping

from markupsafe import Markup
from msgspec import Struct, field

from forum.i18n import ngettext
from forum.organisations.members import Colleague, Membership
from forum.organisations.queries import GroupOfCommunes, OrganisationCard, Wanted
from forum.organisations.words import band_of, band_words, inhabitants, kind_words, way_words
from forum.preferences.pages import preference_links
from forum.topics.queries import TopicCard
from forum.web import LiveChannel, PageLink

NOTHING = Markup("")


class OrganisationLine(Struct, frozen=True):
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


class DirectoryPage(Struct, frozen=True):
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


class KindLink(Struct, frozen=True):
    """To the topics of one kind; `here` when they are shown."""

    title: str
    path: str
    here: bool


class ComparableLine(OrganisationLine, frozen=True):
    """A comparable organisation, in words."""

    km: float | None
    reason: str


class OrganisationPage(Struct, frozen=True):
    """An organisation; `vouches` says whether the viewer's word for a colleague counts there.

    `parts`: what slices have to say of it.
    """

    organisation: OrganisationCard
    group: GroupOfCommunes | None
    colleagues: list[Colleague]
    vouches: bool
    comparables: list[ComparableLine]
    channels: tuple[LiveChannel, ...]
    parts: Markup = NOTHING
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


class OrganisationTopicsPage(Struct, frozen=True):
    """All topics of one kind that were opened for an organisation, and the other kinds."""

    organisation: OrganisationCard
    words: str
    topics: list[TopicCard]
    kinds: list[KindLink]
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


def band_name(band: tuple[int, int | None]) -> str:
    """A population band in addresses: `500-999`, `100000-`."""
    return f"{band[0]}-{'' if band[1] is None else band[1]}"


class MembershipLine(Struct, frozen=True):
    """One of the viewer's organisations, in words; with what was typed and what is wrong with it."""

    membership: Membership
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """What is wrong, in one line."""
        return " ".join(self.errors.values())

    @property
    def code_refused(self) -> bool:
        """Whether a code was typed and is not the one."""
        return self.typed.get("way") == "code" and "verification" in self.errors

    @property
    def function(self) -> str:
        """The function as it was typed, or as it is."""
        return self.typed.get("function", self.membership.function)

    @property
    def kind(self) -> str:
        """What the organisation is."""
        return kind_words(self.membership.kind)

    @property
    def inhabitants(self) -> str:
        """How large it is."""
        return inhabitants(self.membership.population)

    @property
    def vouched(self) -> str:
        """How many colleagues have given their word."""
        words = ngettext("%(num)d has.", "%(num)d have.", self.membership.vouches)
        return words % {"num": self.membership.vouches}

    @property
    def way(self) -> str:
        """How the member was verified there."""
        return way_words(self.membership.verified_by)


class OwnOrganisationsPage(Struct, frozen=True):
    """Where the viewer works, and what they look for to add it: which was `chosen`, the function there."""

    lines: list[MembershipLine]
    query: str
    found: list[OrganisationLine]
    chosen: int
    function: str
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)

"""What the page on which organisations are merged is given."""

from collections.abc import Mapping

from msgspec import Struct, field

from forum.administration.links import administration_links
from forum.mergers.queries import Moving
from forum.organisations.pages import OrganisationLine
from forum.web import LiveChannel, PageLink


class Choice(Struct, frozen=True):
    """One of the two organisations: what was looked for, what was found, and which one was chosen."""

    name: str
    label: str
    query: str
    found: list[OrganisationLine]
    chosen: OrganisationLine | None
    error: str = ""

    @property
    def searched(self) -> bool:
        """Whether a name was typed and nothing is called so."""
        return bool(self.query.strip()) and not self.found


class MergePage(Struct, frozen=True):
    """The two organisations, and once both are chosen what would move."""

    absorbed: Choice
    kept: Choice
    moving: list[Moving]
    reason: str
    errors: Mapping[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)

    @property
    def choices(self) -> tuple[Choice, Choice]:
        """Both, in the order in which they are asked for."""
        return self.absorbed, self.kept

    @property
    def same(self) -> bool:
        """Whether both are one and the same."""
        return self.ready and self.absorbed.chosen == self.kept.chosen

    @property
    def ready(self) -> bool:
        """Whether both are chosen."""
        return self.absorbed.chosen is not None and self.kept.chosen is not None

    @property
    def unlike(self) -> bool:
        """Whether they are of two kinds: it may be meant, and is worth a second look."""
        absorbed, kept = self.absorbed.chosen, self.kept.chosen
        return bool(absorbed and kept and absorbed.organisation.kind != kept.organisation.kind)

"""What the page of an item's reuses is given."""

from collections.abc import Mapping

from msgspec import Struct, field

from forum.organisations.members import Membership
from forum.organisations.queries import OrganisationCard
from forum.reuses.fields import Form
from forum.reuses.queries import Branch, Item, ReuseCard, TakenUp
from forum.web import LiveChannel


class ReusesPage(Struct, frozen=True):
    """Who took it up, and the form of one of the viewer's organisations.

    Args:
        roots: those who took it from the item itself, each with those who took it from them.
        organisations: those for which the viewer may speak, `chosen` being the one of the form.
        own: its record, if there is one; `sources` are those of whom it may say that it has it from them.
        may_write: whether the viewer may write in the theme at all.
    """

    item: Item
    roots: list[Branch]
    organisations: list[Membership]
    chosen: Membership | None
    own: ReuseCard | None
    sources: list[ReuseCard]
    may_write: bool
    typed: Mapping[str, str]
    version: int
    errors: Mapping[str, str]
    channels: tuple[LiveChannel, ...]
    form: Form = field(default_factory=Form)
    flash: str | None = None

    @property
    def ours(self) -> bool:
        """Whether the item comes from the chosen organisation itself: it took up none of its own.

        What one that was merged into it had taken up stays, and may be changed.
        """
        if self.chosen is None or self.own is not None:
            return False
        return self.chosen.organisation_id == self.item.organisation_id


class TakenUpPage(Struct, frozen=True):
    """What an organisation took up from others: one page of it, and how much there is."""

    organisation: OrganisationCard
    reuses: list[TakenUp]
    count: int
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

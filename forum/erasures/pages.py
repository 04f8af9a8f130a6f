"""What the pages about erasing an account are given."""

from msgspec import Struct, field

from forum.accounts.queries import PersonCard
from forum.preferences.pages import preference_links
from forum.web import LiveChannel, PageLink


class ErasurePage(Struct, frozen=True):
    """Erasing one's own account; for a visitor, that it is planned."""

    days: int
    typed: str
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class MemberErasurePage(Struct, frozen=True):
    """Erasing somebody else's, for administrators."""

    person: PersonCard
    typed: str
    reason: str
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

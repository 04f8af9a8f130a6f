"""What the pages about one's own data are given."""

from msgspec import Struct, field

from forum.exports.queries import LIFETIME, Archive
from forum.preferences.pages import preference_links
from forum.web import LiveChannel, PageLink


class DataPage(Struct, frozen=True):
    """The archive that is being made or waits, if there is one, and the form that asks for another."""

    archive: Archive | None
    files: list[str]
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    days: int = LIFETIME.days
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=preference_links)


class DownloadPage(Struct, frozen=True):
    """The archive that a link opens."""

    megabytes: str
    archive: Archive
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

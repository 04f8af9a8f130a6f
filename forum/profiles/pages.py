"""What the page of one's profile is given."""

from typing import NamedTuple

from msgspec import Struct, field

from forum.accounts.queries import PersonCard
from forum.i18n import LOCALE_NAMES
from forum.pictures.actions import MAX_MEGABYTES
from forum.preferences.pages import preference_links
from forum.profiles.actions import MAX_BIO, MAX_SKILLS, Said
from forum.web import LiveChannel, PageLink


class Zones(NamedTuple):
    """The zones to choose from, as (name, place)."""

    france: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...]


class ProfilePage(Struct, frozen=True):
    """What one says of oneself, as typed, and what is wrong with it."""

    form: Said
    person: PersonCard
    errors: dict[str, str]
    zones: Zones
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    languages: tuple[tuple[str, str], ...] = tuple(LOCALE_NAMES.items())
    max_megabytes: int = MAX_MEGABYTES
    max_skills: int = MAX_SKILLS
    max_bio: int = MAX_BIO
    links: tuple[PageLink, ...] = field(default_factory=preference_links)

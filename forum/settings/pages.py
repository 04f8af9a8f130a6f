"""What the settings page is given."""

from msgspec import Struct, field

from forum.administration.links import administration_links
from forum.web import LiveChannel, PageLink


class SettingField(Struct, frozen=True):
    """One setting as it is shown: with what was typed, and what is wrong with that."""

    name: str
    label: str
    sentence: str
    value: str
    choices: tuple[tuple[str, str], ...]
    lines: int = 1
    fault: str = ""


class SettingsPage(Struct, frozen=True):
    """All of them; the logo apart."""

    settings: list[SettingField]
    logo_fault: str
    max_megabytes: int
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)

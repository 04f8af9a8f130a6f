"""What the settings page is given."""

from dataclasses import dataclass, field

from forum.administration.links import administration_links
from forum.web import LiveChannel, PageLink


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting as it is shown: with what was typed, and what is wrong with that."""

    name: str
    label: str
    sentence: str
    value: str
    choices: tuple[tuple[str, str], ...]
    lines: int = 1
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """All of them; the logo apart."""

    settings: list[SettingField]
    logo_fault: str
    max_megabytes: int
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)

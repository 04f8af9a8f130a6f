"""What the privacy page is given."""

from dataclasses import dataclass

from forum.privacy.words import Cookie
from forum.web import LiveChannel


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One kind of data, and until when it is kept."""

    what: str
    kept: str


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What the site really does, as it is configured and set now. `server`: whether mails leave by one."""

    held: list[HeldLine]
    cookies: tuple[Cookie, ...]
    mails: list[str]
    server: bool
    erasure_days: int
    inactive_months: int
    live_days: int
    archive_days: int
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

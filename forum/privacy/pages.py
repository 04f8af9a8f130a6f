"""What the privacy page is given."""

from msgspec import Struct

from forum.privacy.words import Cookie
from forum.web import LiveChannel


class HeldLine(Struct, frozen=True):
    """One kind of data, and until when it is kept."""

    what: str
    kept: str


class PrivacyPage(Struct, frozen=True):
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

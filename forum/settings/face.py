"""How the site presents itself: what its pages and mails say of it."""

from typing import Any

from msgspec import Struct

from realtime.sql import sql

TEXTS = ("title", "logo", "controller", "contact", "announcement", "directory_source")
NUMBERS = ("charter_version", "upload_megabytes", "uploads_per_post")


class SiteFace(Struct, frozen=True):
    """As administrators wrote it; each field is the setting of its name.

    `logo` is the name of a file, `charter_version` moves when members have to read the charter again.
    """

    title: str = "Relais"
    logo: str = ""
    controller: str = ""
    contact: str = ""
    announcement: str = ""
    directory_source: str = ""
    charter_version: int = 1
    upload_megabytes: int = 10
    uploads_per_post: int = 10

    @property
    def logo_path(self) -> str:
        """The address of the logo; "" when the site has none."""
        return f"/uploads/logos/{self.logo}.webp" if self.logo else ""


async def read_face() -> SiteFace:
    """As it is now."""
    written = {row["name"]: row["value"] for row in await sql("SELECT name, value FROM site_settings")}
    texts = {name: written[name] for name in TEXTS if name in written}
    numbers: dict[str, Any] = {name: int(written[name]) for name in NUMBERS if name in written}
    return SiteFace(**texts, **numbers)

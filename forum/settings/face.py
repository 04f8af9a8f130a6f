"""How the site presents itself: what its pages and mails say of it."""

from dataclasses import dataclass

from realtime.sql import sql


@dataclass(frozen=True, slots=True)
class SiteFace:
    """As administrators wrote it; each field is the setting of its name.

    `logo` is the name of a file, `charter_version` moves when members have to read the charter again.
    """

    title: str = "Relais"
    logo: str = ""
    controller: str = ""
    contact: str = ""
    charter_version: int = 1

    @property
    def logo_path(self) -> str:
        """The address of the logo; "" when the site has none."""
        return f"/uploads/logos/{self.logo}.webp" if self.logo else ""


async def read_face() -> SiteFace:
    """As it is now."""
    written = {row["name"]: row["value"] for row in await sql("SELECT name, value FROM site_settings")}
    version = int(written.get("charter_version", SiteFace().charter_version))
    texts = {name: written[name] for name in ("title", "logo", "controller", "contact") if name in written}
    return SiteFace(**texts, charter_version=version)

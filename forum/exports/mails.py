"""The mail that says where an archive is."""

from msgspec import Struct

from forum.exports.queries import LIFETIME, PURPOSE, archive_numbered
from forum.mail.kinds import Envelope, Letter, mail


class ArchiveLetter(Struct, frozen=True):
    """The link, and for how many days it is good."""

    link: str
    days: int


@mail("archive_ready")
async def tell_of_archive(envelope: Envelope, export_id: int) -> Letter | None:
    """To whoever asked for it, unless it is gone already."""
    archive = await archive_numbered(export_id)
    if archive is None or not archive.ready:
        return None
    link = envelope.link("/preferences/data", PURPOSE, archive.link)
    return Letter("archive_ready.html", ArchiveLetter(link, LIFETIME.days))

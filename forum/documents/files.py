"""The files of a document: those that its first post shows, with the beginning of what they say."""

from msgspec import Struct

from forum.i18n import current_locale, format_megabytes
from forum.uploads.kinds import IMAGES
from forum.uploads.names import short_path
from realtime.sql import sql

# Of what a file says, so many characters are read on the page.
SHOWN = 2000


class DocumentFile(Struct, frozen=True):
    """A file; `words` is how it begins ("" until it has been read, or for none), `cut` if it goes on."""

    filename: str
    path: str
    filesize: int
    words: str
    cut: bool

    @property
    def size(self) -> str:
        """In megabytes, in the current language."""
        return format_megabytes(self.filesize, current_locale())


async def files_of(topic_id: int) -> list[DocumentFile]:
    """For whoever may read the topic: they may have its files. Pictures are seen in the post."""
    rows = await sql(
        f"""SELECT up.name, up.extension, up.original_filename, up.filesize,
                SUBSTR(up.text, 1, {SHOWN + 1:d}) AS words
            FROM posts p JOIN post_uploads x ON x.post_id = p.id JOIN uploads up ON up.id = x.upload_id
            WHERE p.topic_id = {{0}} AND p.post_number = 1 AND p.deleted_at IS NULL ORDER BY x.id""",
        topic_id,
    )
    return [
        DocumentFile(
            row["original_filename"],
            short_path(row["name"], row["extension"]),
            row["filesize"],
            row["words"][:SHOWN].strip(),
            len(row["words"]) > SHOWN,
        )
        for row in rows
        if row["extension"] not in IMAGES
    ]

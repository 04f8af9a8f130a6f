"""A document is asked what it is and what it says, in a process apart."""

from forum.apart.processes import run_apart
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.uploads.documents import KIND, WORDS

SECONDS = 15.0


async def kind_of_document(body: bytes) -> str:
    """The kind of an office file, such as `docx`.

    Raises:
        Invalid: it is none that is taken; the sentence stands at `file`.
        Unavailable: others are being read.
    """
    status, parts = await run_apart("forum.uploads.documents", (KIND,), body, SECONDS)
    if status != 0:
        sentence = _("This document cannot be read: it may be damaged, locked, or hold macros.")
        raise Invalid(fields={"file": sentence})
    return parts[0].decode()


async def words_of_document(body: bytes) -> str:
    """What a document says; "" when it cannot be read.

    Raises:
        Unavailable: others are being read.
    """
    status, parts = await run_apart("forum.uploads.documents", (WORDS,), body, SECONDS)
    return parts[0].decode() if status == 0 else ""

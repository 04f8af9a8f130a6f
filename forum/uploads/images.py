"""A picture from outside is written anew, with its smaller copies, in a process apart."""

import orjson
from msgspec import Struct

from forum.apart.parts import TOO_MANY_PIXELS
from forum.apart.processes import run_apart
from forum.errors import Invalid
from forum.i18n import gettext as _

SECONDS = 15.0


class Made(Struct, frozen=True):
    """A file as it is kept: sizes in pixels, the smaller copies by their width."""

    extension: str
    body: bytes
    width: int = 0
    height: int = 0
    thumbnails: tuple[tuple[int, bytes], ...] = ()


async def image_made_anew(body: bytes) -> Made:
    """The picture, with nothing in it but pixels.

    Raises:
        Invalid: no picture that can be read, or too large a one; the sentence stands at `file`.
        Unavailable: others are being read.
    """
    status, parts = await run_apart("forum.uploads.worker", (), body, SECONDS)
    if status == TOO_MANY_PIXELS:
        raise Invalid(fields={"file": _("This picture has too many pixels: 40 million at the most.")})
    if status != 0:
        raise Invalid(fields={"file": _("This picture cannot be read: it may be damaged.")})
    facts = orjson.loads(parts[0])
    thumbnails = tuple(zip(facts["thumbnails"], parts[2:], strict=True))
    return Made(facts["extension"], parts[1], facts["width"], facts["height"], thumbnails)

"""A picture from outside becomes squares of ours, in a process apart."""

from forum.apart.parts import TOO_MANY_PIXELS
from forum.apart.processes import run_apart
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.pictures.shapes import SIZES, SQUARES

SECONDS = 8.0


async def squares_of(body: bytes) -> dict[int, bytes]:
    """The picture as WebP squares, by side in pixels.

    Raises:
        Invalid, Unavailable: as `made_of`.
    """
    return dict(zip(SIZES, await made_of(body, SQUARES), strict=True))


async def made_of(body: bytes, shape: str) -> list[bytes]:
    """What the process makes of a picture, in its order.

    Args:
        shape: one of the worker's.

    Raises:
        Invalid: no picture that can be read, or too large a one; the sentence stands at `picture`.
        Unavailable: others are being read.
    """
    status, made = await run_apart("forum.pictures.worker", (shape,), body, SECONDS)
    if status == TOO_MANY_PIXELS:
        raise Invalid(fields={"picture": _("This picture has too many pixels: 50 million at the most.")})
    if status != 0:
        sentence = _("This is no picture that can be read: choose a JPEG, PNG, WebP or GIF file.")
        raise Invalid(fields={"picture": sentence})
    return made

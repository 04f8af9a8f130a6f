"""The process that reads a picture from outside: `python -m forum.pictures.worker SHAPE`, the file as input.

It writes what it made, each picture after its length, and may be killed at any moment. What it makes holds
pixels and nothing else: no place, no date, no profile.
"""

import sys
from io import BytesIO

from PIL import Image, ImageOps

from forum.apart.parts import TOO_MANY_PIXELS, UNREADABLE, bounded, give, given
from forum.pictures.shapes import LOGO, SIZES

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Twice what pages show, for fine screens.
LOGO_SIZE = (480, 96)

MAX_MEMORY = 512 * 2**20
MAX_SECONDS = 5
# More than any telephone's camera; a bomb says more, in a file of a few hundred bytes.
MAX_PIXELS = 50_000_000


def main() -> int:
    """0, or why there is no picture."""
    bounded(MAX_MEMORY, MAX_SECONDS)
    try:
        image = Image.open(BytesIO(given()), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            return TOO_MANY_PIXELS
        made = [_logo(image)] if sys.argv[1:] == [LOGO] else _squares(image)
    except Image.DecompressionBombError:
        return TOO_MANY_PIXELS
    except Exception:  # a decoder may fail in any way on what was made to break it
        return UNREADABLE
    give(made)
    return 0


def _logo(image: Image.Image) -> bytes:
    """The whole picture, upright, no larger than a logo, transparent where it is."""
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail(LOGO_SIZE)
    plain.info.clear()
    return _webp(plain)


def _squares(image: Image.Image) -> list[bytes]:
    """The largest is made first: a large JPEG is read once, at a fraction of its size."""
    return [_square(image, size) for size in reversed(SIZES)][::-1]


def _square(image: Image.Image, size: int) -> bytes:
    """The middle of the picture, upright, on white where it is transparent."""
    image.draft("RGB", (2 * size, 2 * size))
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    fitted = ImageOps.fit(plain, (size, size))
    canvas = Image.new("RGB", (size, size), "white")
    canvas.paste(fitted, mask=fitted if fitted.mode == "RGBA" else None)
    return _webp(canvas)


def _webp(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=82, method=6)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())

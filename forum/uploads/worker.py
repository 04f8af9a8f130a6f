"""The process that reads a picture from outside: `python -m forum.uploads.worker`, the file as its input.

It gives what is known of the picture as JSON, the picture written anew, and its smaller copies. What it makes
holds pixels and nothing else: no place, no date, no profile.
"""

import sys
from io import BytesIO

import orjson
from PIL import Image, ImageOps, ImageSequence

from forum.apart.parts import TOO_MANY_PIXELS, UNREADABLE, bounded, give, given

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_MEMORY = 768 * 2**20
MAX_SECONDS = 12
MAX_PIXELS = 40_000_000
# Larger pictures are made smaller: no screen shows more, and a plan can still be read.
MAX_SIDE = 4096
MAX_FRAMES = 100
MAX_MOVING_PIXELS = 1280 * 1280
# What a post shows, on plain and on fine screens.
THUMBNAILS = (690, 1380)


def main() -> int:
    """0, or why there is no picture."""
    bounded(MAX_MEMORY, MAX_SECONDS)
    try:
        image = Image.open(BytesIO(given()), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            return TOO_MANY_PIXELS
        made = _moving(image) if getattr(image, "n_frames", 1) > 1 else _still(image)
    except Image.DecompressionBombError:
        return TOO_MANY_PIXELS
    except Exception:  # a decoder may fail in any way on what was made to break it
        return UNREADABLE
    give(made)
    return 0


def _still(image: Image.Image) -> list[bytes]:
    """Upright, in its own format: a photograph stays a JPEG, a drawing a PNG."""
    extension = {"JPEG": "jpg", "WEBP": "webp"}.get(image.format or "", "png")
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.info.clear()
    return _all_of(plain, extension, _written(plain, extension))


def _moving(image: Image.Image) -> list[bytes]:
    """The first hundred frames, as a WebP that moves."""
    if image.width * image.height > MAX_MOVING_PIXELS:
        return _still(image)
    frames, times = [], []
    for frame in ImageSequence.Iterator(image):
        frames.append(frame.convert("RGBA"))
        times.append(max(20, int(frame.info.get("duration") or 100)))
        if len(frames) == MAX_FRAMES:
            break
    for frame in frames:
        frame.info.clear()
    body = BytesIO()
    frames[0].save(
        body, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0, quality=75, method=2
    )
    return _all_of(frames[0], "webp", body.getvalue(), thumbnails=())


def _all_of(
    image: Image.Image, extension: str, body: bytes, thumbnails: tuple[int, ...] = THUMBNAILS
) -> list[bytes]:
    widths = [width for width in thumbnails if width < image.width]
    facts = {"extension": extension, "width": image.width, "height": image.height, "thumbnails": widths}
    return [orjson.dumps(facts), body, *(_thumbnail(image, width) for width in widths)]


def _thumbnail(image: Image.Image, width: int) -> bytes:
    height = max(1, round(image.height * width / image.width))
    return _written(image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2), "webp")


def _written(image: Image.Image, extension: str) -> bytes:
    body = BytesIO()
    if extension == "jpg":
        image.convert("RGB").save(body, "JPEG", quality=85, optimize=True, progressive=True)
    elif extension == "webp":
        image.save(body, "WEBP", quality=82, method=4)
    else:
        image.save(body, "PNG")
    return body.getvalue()


if __name__ == "__main__":
    sys.exit(main())

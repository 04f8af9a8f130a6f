"""Pictures made for the tests: ordinary ones, and those that are made to break something."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SECRET = "Made by Alice, at her kitchen table"
ORIENTATION, DESCRIPTION, GPS, LATITUDE = 0x0112, 0x010E, 0x8825, 2


def a_picture(
    format: str = "PNG", size: tuple[int, int] = (300, 200), color: str = "#2a6f5b", mode: str = "RGB"
) -> bytes:
    """A picture of one colour."""
    return written(Image.new(mode, size, color), format)


def written(image: Image.Image, format: str, **options: object) -> bytes:
    """As a file."""
    body = BytesIO()
    image.save(body, format, **options)
    return body.getvalue()


def a_telephones_picture() -> bytes:
    """A JPEG that lies on its side, red above when upright, with a place and a text in it."""
    image = Image.new("RGB", (400, 400), "blue")
    image.paste("red", (0, 0, 200, 400))
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, SECRET
    exif.get_ifd(GPS)[LATITUDE] = (48.0, 51.0, 24.0)
    return written(image, "JPEG", exif=exif, comment=SECRET.encode())


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says that it is this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    )

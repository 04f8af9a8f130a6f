"""The site's logo: one file, under a name that nobody guesses."""

import os
from pathlib import Path
from secrets import token_hex

from forum.pictures.files import NAME
from forum.pictures.shapes import LOGO
from forum.pictures.squares import made_of


async def logo_of(body: bytes) -> bytes:
    """The picture as a WebP file of a logo's size, in its own proportions.

    Raises:
        Invalid: no picture that can be read, or too large a one; the sentence stands at `picture`.
        Unavailable: others are being read.
    """
    (made,) = await made_of(body, LOGO)
    return made


def logos_folder(data: Path) -> Path:
    """Where logos are kept, in the site's data."""
    return data / "uploads" / "logos"


def keep_logo(folder: Path, body: bytes) -> str:
    """Write the file to the disk, for good; the logo's name."""
    name = token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    with logo_file(folder, name).open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return name


def forget_logo(folder: Path, name: str) -> None:
    """Remove it; "" is none."""
    if name:
        logo_file(folder, name).unlink(missing_ok=True)


def logo_file(folder: Path, name: str) -> Path:
    """The file of that name.

    Raises:
        ValueError: not a logo's name.
    """
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return folder / f"{name}.webp"

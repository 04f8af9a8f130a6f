"""Where pictures are kept: under names that nobody guesses, each in its sizes, made once."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from forum.pictures.shapes import SIZES

NAME = re.compile(r"[0-9a-f]{32}")


def pictures_folder(data: Path) -> Path:
    """The folder of members' pictures, in the site's data."""
    return data / "uploads" / "pictures"


def keep(folder: Path, squares: Mapping[int, bytes]) -> str:
    """Write the squares to the disk, for good; the picture's name."""
    name = token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    for size, body in squares.items():
        with file_of(folder, name, size).open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    return name


def forget(folder: Path, name: str) -> None:
    """Remove a picture in all its sizes; "" is none."""
    for size in SIZES if name else ():
        file_of(folder, name, size).unlink(missing_ok=True)


def file_of(folder: Path, name: str, size: int) -> Path:
    """The file of the smallest square that is at least this large, else of the largest.

    Raises:
        ValueError: not a picture's name.
    """
    if not NAME.fullmatch(name):
        raise ValueError(name)
    side = next((side for side in SIZES if side >= size), SIZES[-1])
    return folder / f"{name}-{side}.webp"

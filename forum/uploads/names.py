"""How a file is called: `upload://0f3a….png` in a text, an address on a page, a key where it is kept."""

import re
import unicodedata
from pathlib import PurePath

from forum.uploads.kinds import IMAGES

NAME = re.compile(r"[0-9a-f]{32}")
SHORT_URL = re.compile(r"(?:upload://|/uploads/short-url/)([0-9a-f]{32})\.([a-z0-9]{1,5})(?![a-z0-9])")
# What would be markdown, a folder or a direction of writing in a name.
STRANGE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\[\]|<>\"\\/:*?`]+"
)
LONGEST = 100


def short_url(name: str, extension: str) -> str:
    """What a text calls it."""
    return f"upload://{name}.{extension}"


def short_path(name: str, extension: str) -> str:
    """Where it is."""
    return f"/uploads/short-url/{name}.{extension}"


def thumbnail_path(name: str, width: int) -> str:
    """Where a smaller copy of it is."""
    return f"/uploads/thumbnails/{name}/{width}.webp"


def file_key(name: str, extension: str) -> str:
    """Where it is kept."""
    return f"files/{name}.{extension}"


def thumbnail_key(name: str, width: int) -> str:
    """Where a smaller copy of it is kept."""
    return f"thumbnails/{name}-{width}.webp"


def names_in(text: str) -> list[str]:
    """The names of the files that a text calls, each once, in its order."""
    return list(dict.fromkeys(match[1] for match in SHORT_URL.finditer(text)))


def clean_filename(given: str, extension: str) -> str:
    """The name under which a file came, as it may be shown; its ending is that of its content."""
    last = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    stem = " ".join(STRANGE.sub(" ", PurePath(last).stem).split()).strip(". ")[:LONGEST].strip()
    return f"{stem or 'file'}.{extension}"


def as_markdown(name: str, extension: str, filename: str, width: int, height: int, size: str) -> str:
    """What stands in a text for a file, in Discourse's form.

    Args:
        size: in words, such as "1.2 MB".
    """
    address = short_url(name, extension)
    if extension in IMAGES:
        return f"![{PurePath(filename).stem}|{width}x{height}]({address})"
    return f"[{filename}|attachment]({address}) ({size})"

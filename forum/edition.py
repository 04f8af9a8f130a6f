"""Which edition of the site this is: its code, templates, texts and static files."""

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from forum.assets import beside

KINDS = (".py", ".po", ".html")


@cache
def edition(assets: str) -> str:
    """What changes when any of them does: pages and compiled templates of another edition are others.

    By the places, sizes and times of the files, much as Python tells whether a module has changed (some
    systems give all files one time, and each version a place). To read them all takes a tenth of a second of
    each start.

    Args:
        assets: the hash of the static files.
    """
    found = sorted(line for folder in (Path(__file__).parent, beside("templates")) for line in _files(folder))
    return sha256("\n".join([assets, *found]).encode()).hexdigest()[:16]


def _files(folder: Path) -> Iterator[str]:
    for path, _folders, names in os.walk(folder):
        for name in names:
            if name.endswith(KINDS):
                facts = os.stat(f"{path}/{name}")
                yield f"{path}/{name} {facts.st_size} {facts.st_mtime_ns}"

"""The process that cooks what may be slow: `python -m forum.markdown.worker`, a socket as its input.

It answers frames on the socket on which they come, and may be killed at any moment.
"""

import resource
import signal
import socket
from typing import BinaryIO

import orjson

from forum.markdown.dialect import render
from forum.markdown.files import Files
from forum.markdown.frames import LENGTH
from forum.markdown.sanitizer import sanitise

MAX_MEMORY = 512 * 2**20
# One long address, called from a thousand places, makes megabytes of a small text.
MAX_HTML = 1_000_000
# Who asked kills after half a second; this is for a worker whose server has died meanwhile.
ORPHAN_SECONDS = 2.0


def main(link: BinaryIO) -> None:
    """Say that we are ready, then answer until the other end closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    link.write(LENGTH.pack(0))
    while len(header := link.read(LENGTH.size)) == LENGTH.size:
        body = link.read(LENGTH.unpack(header)[0])
        signal.setitimer(signal.ITIMER_REAL, ORPHAN_SECONDS)
        answer = orjson.dumps(_answer(*orjson.loads(body)))
        signal.setitimer(signal.ITIMER_REAL, 0)
        link.write(LENGTH.pack(len(answer)) + answer)


def _answer(raw: str, known: dict[str, str], files: Files) -> str | None:
    """The cooked text; None when it would be too big."""
    try:
        html = render(raw, known, files)
        return sanitise(html) if len(html) <= MAX_HTML else None
    except (RecursionError, MemoryError):
        return None


if __name__ == "__main__":
    with socket.socket(fileno=0) as given, given.makefile("rwb", buffering=0) as link:
        main(link)  # type: ignore[arg-type]

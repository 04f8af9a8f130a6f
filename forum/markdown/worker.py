"""The process that cooks what may be slow: `python -m forum.markdown.worker`.

It answers frames of standard input on standard output, and may be killed at any moment.
"""

import sys
from typing import BinaryIO

import orjson

from forum.markdown.dialect import cook_now
from forum.markdown.frames import LENGTH


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the input ends."""
    while len(header := source.read(LENGTH.size)) == LENGTH.size:
        raw, known = orjson.loads(source.read(LENGTH.unpack(header)[0]))
        try:
            html: str | None = cook_now(raw, known)
        except RecursionError:
            html = None
        body = orjson.dumps({"html": html})
        sink.write(LENGTH.pack(len(body)) + body)
        sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

"""What the site asks of the process that knows meanings, and what it answers: one frame each, in order."""

import struct

from msgspec import Struct, msgpack

LENGTH = struct.Struct("!I")


class Read(Struct, tag="read", array_like=True):
    """What does this text mean? Answered by its vector.

    Args:
        title, text: what is said in the title, and in title and text together.
    """

    title: str
    text: str


class Keep(Struct, tag="keep", array_like=True):
    """Remember these; those without a vector are forgotten. Answered by how many are known now.

    Args:
        rows: topic, scope and vector of each.
    """

    rows: list[tuple[int, int, bytes | None]]


class Nearest(Struct, tag="nearest", array_like=True):
    """What is near to this question within these scopes? Answered by pairs of topic and nearness.

    Args:
        most: how many at the most, the nearest first.
    """

    asked: str
    scopes: list[int]
    most: int


Wish = Read | Keep | Nearest
Near = list[tuple[int, float]]

wishes = msgpack.Decoder(Wish)
nearness = msgpack.Decoder(Near)
encode = msgpack.encode


def framed(content: bytes) -> bytes:
    """A frame: its length, then what it holds."""
    return LENGTH.pack(len(content)) + content

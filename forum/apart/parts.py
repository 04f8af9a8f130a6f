"""The side of the process apart: it is bounded before it reads; it gives each part after its length."""

import resource
import struct
import sys
from collections.abc import Iterable

LENGTH = struct.Struct("!I")
# How it ends when it has nothing to give.
UNREADABLE, TOO_MANY_PIXELS = 2, 3


def bounded(memory: int, seconds: int) -> None:
    """Take away from this process what it does not need.

    Args:
        memory: in bytes; asking for more fails.
        seconds: of processor; it dies beyond.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def given() -> bytes:
    """What the process is to read."""
    return sys.stdin.buffer.read()


def give(parts: Iterable[bytes]) -> None:
    """Hand back what was made."""
    for part in parts:
        sys.stdout.buffer.write(LENGTH.pack(len(part)) + part)

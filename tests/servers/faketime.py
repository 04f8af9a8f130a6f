"""libfaketime, which lets a process believe in another hour."""

from pathlib import Path


def find_faketime() -> Path | None:
    """Its library for programs with threads, where Debian puts it."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)

"""Which process holds which connection, as the kernel tells it."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

ESTABLISHED = "01"


def holders(port: int, pids: Iterable[int]) -> dict[int, int]:
    """The client's port of each connection to a server's `port` → the process that serves it."""
    inodes: dict[str, int] = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == port and fields[3] == ESTABLISHED:
            inodes[fields[9]] = int(fields[2].split(":")[1], 16)
    found = {}
    for pid in pids:
        for inode in _sockets(pid) & inodes.keys():
            found[inodes[inode]] = pid
    return found


def _sockets(pid: int) -> set[str]:
    found = set()
    with suppress(FileNotFoundError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                target = os.readlink(descriptor)
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found

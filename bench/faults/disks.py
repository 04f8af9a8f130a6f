"""Disks that are full when told to."""

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISK_MB = 24
BLOCK = b"\0" * 65_536


class SmallDisk:
    """A file system in memory, which a file of ballast fills to the last byte. For root.

    Args:
        path: where it is mounted.
    """

    def __init__(self, path: Path) -> None:
        self._ballast = path / "ballast"

    def fill(self, pid: int) -> None:
        """Leave no space."""
        ballast = os.open(self._ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for size in (len(BLOCK), 4096, 1):
                _write_all(ballast, BLOCK[:size])
        finally:
            os.close(ballast)

    def empty(self, pid: int) -> None:
        """Make space."""
        self._ballast.unlink()


def _write_all(file: int, block: bytes) -> None:
    try:
        while True:
            os.write(file, block)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


class FileLimit:
    """The server's files may grow no further (RLIMIT_FSIZE), as with a quota. For everyone.

    Args:
        path: the folder of the data.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self, pid: int) -> None:
        """Let no file of the process grow beyond what the largest has."""
        largest = max(file.stat().st_size for file in self._path.iterdir() if file.is_file())
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, hard))

    def empty(self, pid: int) -> None:
        """Lift the limit."""
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


Disk = SmallDisk | FileLimit


@contextmanager
def small_disk(path: Path) -> Iterator[Disk]:
    """A small disk mounted at `path`; for who may not mount, a limit instead."""
    path.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "relais-faults", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield FileLimit(path)
        return
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", str(path)], check=True)

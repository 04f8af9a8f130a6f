"""Make sure that what the tests need is here: root installs it, others are told how."""

import os
import shutil
import subprocess
import sys
from functools import partial

from tests.servers.chromium import find_chromium
from tests.servers.faketime import find_faketime
from tests.servers.postgres import find_postgres
from tests.servers.redis import find_redis

# Debian's package names beside what each must bring.
NEEDED = {
    "chromium": partial(find_chromium, whole=True),
    "chromium-headless-shell": find_chromium,
    "faketime": find_faketime,
    "postgresql": find_postgres,
    "redis-server": find_redis,
}


def main() -> int:
    """Return the exit code: 0 when everything is here, if need be after installing it."""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        install(missing())
    if missing():
        print(f"The tests need more than is here. Debian, Ubuntu: sudo apt-get install {' '.join(missing())}")
    return 1 if missing() else 0


def missing() -> list[str]:
    """The packages whose program this machine lacks."""
    return [package for package, find in NEEDED.items() if find() is None]


def install(packages: list[str]) -> None:
    """Install Debian packages without a question; a failure shows in what is still missing."""
    print(f"installing {', '.join(packages)}", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    silent = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(command, env=silent, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())

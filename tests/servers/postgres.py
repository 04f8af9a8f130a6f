"""A PostgreSQL cluster of the tests' own: new, in a temporary folder, gone with the test run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.keeper import as_user, free_port, kept

# Nothing here must survive a power cut, and every test opens connections of its own.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "jit": "off",
}


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs: $PATH's, else the newest one of Debian's."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else None


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a cluster on a free port of 127.0.0.1; give the URL of its database `postgres`."""
    programs = find_postgres()
    assert programs, "PostgreSQL is not installed: python -m tests.servers"
    user = "postgres" if os.geteuid() == 0 else ""  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="relais-postgres-"))
    if user:
        shutil.chown(folder, user, user)
    _make_cluster(programs, folder / "data", user)
    port = free_port()
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    command = [
        f"{programs}/postgres",
        f"-D{folder}/data",
        f"-p{port}",
        "-h127.0.0.1",
        f"-k{folder}",
        *settings,
    ]
    with kept(command, folder, lambda: _accepts(programs, port), user):
        yield f"postgres://relais@127.0.0.1:{port}/postgres"


def _make_cluster(programs: Path, data: Path, user: str) -> None:
    command = [f"{programs}/initdb", "-D", str(data), "-U", "relais", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*command, "--locale=C.UTF-8", "-N"], check=True, capture_output=True, **as_user(user))


def _accepts(programs: Path, port: int) -> bool:
    return (
        subprocess.run([f"{programs}/pg_isready", "-qh127.0.0.1", f"-p{port}"], check=False).returncode == 0
    )

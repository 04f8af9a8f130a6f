"""A PostgreSQL of our own that keeps its promises (fsync on), and that can be shot and started again."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.faults.processes import end_with_parent, free_port, put_an_end
from bench.faults.waiting import until
from tests.servers.keeper import as_user
from tests.servers.postgres import find_postgres

START_SECONDS = 60.0


class Postgres:
    """A cluster in a folder.

    Args:
        programs: where its programs are.
        folder: holds the cluster as `data`.
        user: the account that it runs as; "" for our own.
    """

    def __init__(self, programs: Path, folder: Path, user: str) -> None:
        self._programs, self._folder, self._user = programs, folder, user
        self.port = free_port()
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The administrator's database."""
        return f"postgres://relais@127.0.0.1:{self.port}/postgres"

    async def start(self) -> None:
        """Start, and wait until it accepts connections (after a crash: until it has recovered)."""
        with (self._folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                f"{self._programs}/postgres", f"-D{self._folder}/data", f"-p{self.port}", "-h127.0.0.1",
                f"-k{self._folder}", cwd=self._folder, stdout=log, stderr=log,
                preexec_fn=end_with_parent, **as_user(self._user),
            )  # fmt: skip
        await until(self._accepts, START_SECONDS, "PostgreSQL's start")

    async def _accepts(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, (self._folder / "log").read_text()[-2000:]
        asked = await asyncio.create_subprocess_exec(
            f"{self._programs}/pg_isready", "-qh127.0.0.1", f"-p{self.port}"
        )
        return await asked.wait() == 0

    def shoot(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, no goodbye; recovery at the next start."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)

    async def start_again(self) -> None:
        """Wait until it is down, and start."""
        assert self.process is not None
        await self.process.wait()
        await self.start()

    async def close(self) -> None:
        """Put an end to it."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            try:
                async with asyncio.timeout(START_SECONDS):
                    await self.process.wait()
            finally:
                await put_an_end(self.process)


@asynccontextmanager
async def own_postgres() -> AsyncIterator[Postgres]:
    """A new cluster, running; nothing is left of it.

    Raises:
        AssertionError: PostgreSQL is not installed.
    """
    programs = find_postgres()
    assert programs, "PostgreSQL is not installed: python -m tests.servers"
    user = "postgres" if os.geteuid() == 0 else ""  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="relais-postgres-"))
    if user:
        shutil.chown(folder, user, user)
    server = Postgres(programs, folder, user)
    try:
        make = [f"{programs}/initdb", "-D", f"{folder}/data", "-U", "relais", "-A", "trust", "-E", "UTF8"]
        await asyncio.to_thread(
            subprocess.run, [*make, "--locale=C.UTF-8"], check=True, capture_output=True, **as_user(user)
        )
        await server.start()
        yield server
    finally:
        await server.close()
        shutil.rmtree(folder, ignore_errors=True)

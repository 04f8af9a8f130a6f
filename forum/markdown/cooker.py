"""Cooking in bounded time: small texts here, the others in a process that is killed when it is late."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from types import TracebackType

import orjson

from forum.markdown.dialect import cook_now
from forum.markdown.frames import LENGTH

SECONDS = 0.5
START_SECONDS = 10.0
# What a hostile text of this size costs at most is a few milliseconds (tests/markdown measures it).
SMALL = 1_000
WORKERS = 2


class TooSlow(Exception):
    """The text would take more than half a second: it is refused."""


class Cooker:
    """The worker processes of this process, started at the first need, stopped by `stop`."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._free = asyncio.Semaphore(WORKERS)

    async def __aenter__(self) -> "Cooker":
        global _current
        _current = self
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _current
        _current = None
        await self.stop()

    async def warm(self) -> None:
        """Start one worker before anybody waits for it."""
        await self.cook("*")

    async def cook(self, raw: str, known: Mapping[str, str] | None = None) -> str:
        """Cook in a worker.

        Raises:
            TooSlow: half a second was not enough; the worker is killed.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await _Worker.start()
            try:
                html = await worker.ask(raw, known or {})
            except BaseException:
                await worker.kill()
                raise
            self._idle.append(worker)
            return html

    async def stop(self) -> None:
        """End the workers."""
        while self._idle:
            await self._idle.pop().kill()


_current: Cooker | None = None


async def cook(raw: str, *, known: Mapping[str, str] | None = None) -> str:
    """Cook a text that `clean_text` has let through.

    Args:
        known: lower-cased names that are members → as written; only these become mentions.

    Raises:
        TooSlow: it would take more than half a second.
    """
    if len(raw) <= SMALL:
        return cook_now(raw, known or {})
    if _current is not None:
        return await _current.cook(raw, known)
    async with Cooker() as once:
        return await once.cook(raw, known)


class _Worker:
    """One process that cooks, one text at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "forum.markdown.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        worker = cls(process)
        await asyncio.wait_for(worker._exchange("*", {}), START_SECONDS)
        return worker

    async def ask(self, raw: str, known: Mapping[str, str]) -> str:
        try:
            html = await asyncio.wait_for(self._exchange(raw, known), SECONDS)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            raise TooSlow from error
        if html is None:
            raise TooSlow
        return html

    async def _exchange(self, raw: str, known: Mapping[str, str]) -> str | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        body = orjson.dumps([raw, dict(known)])
        self._process.stdin.write(LENGTH.pack(len(body)) + body)
        await self._process.stdin.drain()
        (length,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
        answer: dict[str, str | None] = orjson.loads(await self._process.stdout.readexactly(length))
        return answer["html"]

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        # The pipe's transport is closed at the next turns of the loop only.
        if self._process.stdin is not None:
            self._process.stdin.close()

"""Cooking in bounded time: plain texts here, the others in a process that is killed when it is late."""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType, TracebackType

from markupsafe import Markup

from forum.markdown.files import NO_FILES, Files
from forum.markdown.ordinary import is_ordinary
from forum.markdown.processes import Worker
from forum.markdown.sanitizer import sanitise
from forum.markdown.turns import Turns

# Moves when the same text would be cooked otherwise: posts are then cooked again by a job.
COOK_VERSION = 2

SECONDS = 0.5
WAITING_SECONDS = 5.0
WORKERS = 2
NOBODY: Mapping[str, str] = MappingProxyType({})


class TooSlow(Exception):
    """The text would take more than half a second, or the cooks are overrun: it is refused."""


async def cook(raw: str, *, known: Mapping[str, str] = NOBODY, files: Files = NO_FILES) -> str:
    """Cook a text that `clean_text` has let through: HTML that may stand in a page.

    Args:
        known: lower-cased names that are members → as written; only these become mentions.
        files: those that the text may show, by name.

    Raises:
        TooSlow: it would take more than half a second.
    """
    if is_ordinary(raw):
        return _cook_here(raw, known, files)
    if Cooker.current is not None:
        return await Cooker.current.cook(raw, known, files)
    once = Cooker()
    try:
        return await once.cook(raw, known, files)
    finally:
        await once.stop()


def cook_many(texts: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Cook texts that are trusted not to be bombs (an import, the demonstration), each with its members."""
    return [_cook_or_escape(raw, known) for raw, known in texts]


def _cook_or_escape(raw: str, known: Mapping[str, str]) -> str:
    try:
        return _cook_here(raw, known, NO_FILES)
    except RecursionError:
        return sanitise(Markup("<p>{}</p>").format(raw))


def _cook_here(raw: str, known: Mapping[str, str], files: Files) -> str:
    """In this process. The library loads with the first text: a start does without it."""
    from forum.markdown.dialect import cook_now

    return cook_now(raw, known, files)


class Cooker:
    """The worker processes of this process, started at the first need, ended by `stop`."""

    current: "Cooker | None" = None

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._dying: set[asyncio.Task[None]] = set()
        self._turns = Turns(WORKERS)
        self._open = True
        self._before: Cooker | None = None

    async def start(self) -> None:
        """Become the one that `cook` asks; nothing is launched yet."""
        self._before, Cooker.current = Cooker.current, self

    async def stop(self) -> None:
        """End all workers; texts that are being cooked are refused."""
        if Cooker.current is self:
            Cooker.current = self._before
        self._open = False
        while self._idle:
            self._end(self._idle.pop())
        await asyncio.gather(*self._dying)

    async def __aenter__(self) -> "Cooker":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def warm(self) -> None:
        """Start one worker before anybody waits for it."""
        await self.cook("*")

    async def cook(self, raw: str, known: Mapping[str, str] = NOBODY, files: Files = NO_FILES) -> str:
        """Cook in a worker, the shortest text first.

        Raises:
            TooSlow: half a second was not enough (the worker is killed), or no worker came free in five.
        """
        try:
            async with self._turns.turn(len(raw), WAITING_SECONDS):
                html = await self._ask(raw, known, files)
        except TimeoutError as error:
            raise TooSlow from error
        if html is None:
            raise TooSlow
        return html

    async def _ask(self, raw: str, known: Mapping[str, str], files: Files) -> str | None:
        """Ask a worker; a second one when the first was killed by somebody else."""
        try:
            return await self._ask_one(raw, known, files)
        except (EOFError, ConnectionError):
            pass
        try:
            return await self._ask_one(raw, known, files)
        except (EOFError, ConnectionError):
            return None

    async def _ask_one(self, raw: str, known: Mapping[str, str], files: Files) -> str | None:
        worker = await self._take()
        try:
            async with asyncio.timeout(SECONDS):
                html = await worker.cook(raw, known, files)
        except BaseException:
            self._end(worker)
            raise
        if self._open:
            self._idle.append(worker)
        else:
            self._end(worker)
        return html

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._end(worker)
        if not self._open:
            raise TooSlow
        return await Worker.start()

    def _end(self, worker: Worker) -> None:
        """Kill a worker now; its burial goes on behind."""
        worker.kill()
        burial = asyncio.get_running_loop().create_task(worker.bury())
        self._dying.add(burial)
        burial.add_done_callback(self._dying.discard)

"""A site under load: its writers, its listeners, their journal; and in the end the checker's figures."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bench.faults.checker import check
from bench.faults.figures import Figures
from bench.faults.journal import Journal, Row, read_journals
from bench.faults.listeners import Listener
from bench.faults.rest import come_to_rest
from bench.faults.site import Site
from bench.faults.stage import Stage, set_stage
from bench.faults.stored import read_stored
from bench.faults.waiting import until
from bench.faults.writers import Writer

LISTEN_SECONDS = 30.0
BACK_SECONDS = 120.0
STOP_SECONDS = 200.0


class Scene:
    """Made by `scene()`.

    Attributes:
        folder: the site's data; journals are beside it.
        url: the database.
        journals: every journal to be checked.
    """

    def __init__(self, folder: Path, url: str, stage: Stage, site: Site) -> None:
        self.folder, self.url, self.stage, self.site = folder, url, stage, site
        self.journals = [folder.with_suffix(".journal")]
        self.journal = Journal(self.journals[0])
        self.writers: list[Writer] = []
        self.listeners: list[Listener] = []
        self.barred: set[tuple[str, str]] = set()
        self._tasks: dict[Writer | Listener, asyncio.Task[None]] = {}
        self._rows: list[Row] = []

    def write(
        self, count: int, topics: Sequence[int] = (), who: str = "bob", address: str = "", **options: Any
    ) -> None:
        """Let so many writers begin, in the open topics unless told which."""
        headers = {"Api-Key": self.stage.key, "Api-Username": who}
        address, topics = address or self.site.address, topics or self.stage.topics
        for _n in range(count):
            name = f"w{len(self.writers)}"
            writer = Writer(name, address, headers, topics, self.journal, **options)
            self.writers.append(writer)
            self._begin(writer)

    async def listen(self, count: int, address: str = "", patches: bool = False) -> list[Listener]:
        """Let so many visitors listen, each to a topic, every other one to the lists too; and wait for it."""
        lists = [f"category:{self.stage.theme}", "latest"]
        new = []
        for n in range(count):
            topic = self.stage.topics[n % len(self.stage.topics)]
            channels = [f"topic:{topic}", *(lists if n % 2 else ())]
            new.append(self.add_listener(channels, address=address, patches=patches))
        await until(lambda: all(listener.listening for listener in new), LISTEN_SECONDS, "listening")
        return new

    async def listen_as(self, who: str, channels: Sequence[str], address: str = "") -> Listener:
        """Let a member listen, to their own channel too; and wait for the answers."""
        headers = {"Cookie": f"relais={self.stage.cookies[who]}", "Origin": address or self.site.address}
        own = [f"user:{self.stage.ids[who]}"]
        listener = self.add_listener(channels, address=address, headers=headers, server_side=own)
        await until(lambda: listener.settled, LISTEN_SECONDS, f"{who}'s listening")
        return listener

    def add_listener(
        self,
        channels: Sequence[str],
        address: str = "",
        headers: dict[str, str] | None = None,
        server_side: Sequence[str] = (),
        patches: bool = False,
    ) -> Listener:
        """One more."""
        listener = Listener(
            f"l{len(self.listeners)}", address or self.site.address, channels, self.journal, headers,
            server_side, self.site.address, patches,
        )  # fmt: skip
        self.listeners.append(listener)
        self._begin(listener)
        return listener

    def _begin(self, client: Writer | Listener) -> None:
        self._tasks[client] = asyncio.create_task(client.run())

    def acknowledged(self) -> int:
        """How many writes were, so far."""
        return sum(writer.acknowledged for writer in self.writers)

    def fault(self, name: str) -> None:
        """Note that something is about to break; the caller breaks it before it awaits anything."""
        flying = [writer.op for writer in self.writers if writer.flying]
        self.journal.note("fault", "", fault=name, flying=flying)

    async def until_writes_fly(self, more: int = 0, seconds: float = 60) -> None:
        """Wait until so many more are acknowledged, and some are on the wire, at no moment in particular."""
        goal = self.acknowledged() + more
        try:
            await until(lambda: self.acknowledged() >= goal, seconds, f"{more} more writes")
        except TimeoutError as error:
            refusals = sorted({writer.last_refusal for writer in self.writers})
            raise TimeoutError(f"{error}; writers were told: {' / '.join(refusals)}") from error
        await asyncio.sleep(random.uniform(0, 0.1))
        await until(lambda: any(writer.flying for writer in self.writers), seconds, "a write on the wire")

    async def until_everyone_listens(self) -> None:
        """Wait until every listener is where it should be: the last fault is over for it."""
        await until(
            lambda: all(one.listening for one in self.listeners), BACK_SECONDS, "everyone's listening"
        )

    def bar(self, listener: Listener, channel: str, after: int) -> None:
        """Note that a listener may hear nothing above this number."""
        self.barred.add((listener.name, channel))
        self.journal.note("barred", listener.name, channel=channel, after=after)

    async def finish(self) -> Figures:
        """Let everyone come to rest, compare, and give the figures."""
        await self._stop_writers()
        await self._rest()
        await self._stop_listeners()
        self.journal.close()
        await self.site.close()
        self._rows = read_journals(self.journals)
        return check(self._rows, await read_stored(self.url))

    async def _stop_writers(self) -> None:
        for writer in self.writers:
            writer.stopping = True
        async with asyncio.timeout(STOP_SECONDS):
            await asyncio.gather(*(self._tasks[writer] for writer in self.writers))

    async def _rest(self) -> None:
        """Give every listener its chance to come to the end of its channels, then note that it had it."""
        await come_to_rest(self.listeners, self.url, self.journal, self.barred)

    async def _stop_listeners(self) -> None:
        for listener in self.listeners:
            listener.stopping = True
            self._tasks[listener].cancel()
        ends = await asyncio.gather(*(self._tasks[one] for one in self.listeners), return_exceptions=True)
        faults = [end for end in ends if isinstance(end, Exception)]
        if faults:
            raise ExceptionGroup("listeners failed", faults)

    async def close(self) -> None:
        """Stop everything, whatever happened."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.site.close()

    @property
    def rows(self) -> list[Row]:
        """What the clients noted, once it is finished."""
        return self._rows


@asynccontextmanager
async def scene(
    folder: Path,
    url: str = "",
    redis: str = "",
    workers: int = 1,
    topics: int = 4,
    environment: dict[str, str] | None = None,
) -> AsyncIterator[Scene]:
    """A running site, on SQLite in its folder unless told where; nothing of it is left running.

    Args:
        folder: where its data goes (`site`), its log and the journals.
    """
    data = folder / "site"
    data.mkdir(parents=True, exist_ok=True)
    url = url or f"sqlite://{data / 'relais.sqlite3'}"
    stage = await set_stage(url, topics)
    site = Site(data, url, redis, workers, environment)
    made = Scene(data, url, stage, site)
    try:
        await site.start()
        yield made
    finally:
        await made.close()


def elapsed(since: float) -> float:
    """Seconds since a moment of the monotonic clock."""
    return monotonic() - since

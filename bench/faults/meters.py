"""Measures taken beside an experiment: the site's pulse, and how soon what is written is heard."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from time import monotonic

from bench.faults.calls import Caller, Unanswered
from bench.faults.journal import Row
from bench.faults.processes import put_an_end, python, resident_kb
from bench.faults.waiting import until


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; of none, infinity."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


class Pulse:
    """/healthz, asked by a process of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def p99(self, since: float, until: float) -> float:
        """Milliseconds, over the questions asked in between (monotonic moments)."""
        found = []
        for line in self._file.read_text().splitlines() if self._file.exists() else ():
            fields = line.split(" ")
            if len(fields) == 3 and since <= float(fields[0]) <= until:
                found.append(float(fields[1]))
        return percentile(found, 0.99)


@asynccontextmanager
async def pulse(address: str, folder: Path) -> AsyncIterator[Pulse]:
    """Take the pulse of a site meanwhile."""
    file = folder / "pulse"
    process = await python("-m", "bench.faults.pulse", address, str(file))
    try:
        yield Pulse(file)
    finally:
        await put_an_end(process)


def delays(rows: Iterable[Row], since: float = 0.0, until: float = float("inf")) -> list[float]:
    """Seconds from each acknowledgement in between to each of its hearings (0 when it was heard before)."""
    acknowledged = {row["post"]: row["at"] for row in rows if row["what"] == "acknowledged"}
    return [
        max(0.0, row["at"] - acknowledged[row["post"]])
        for row in rows
        if row["what"] == "heard" and row["kind"] == "post.created" and row["post"] in acknowledged
        and since <= acknowledged[row["post"]] <= until
    ]  # fmt: skip


def subscriptions(rows: Iterable[Row]) -> list[float]:
    """Seconds that each subscription waited for its answer; those whose connection ended first are left out.

    One that was never answered has waited until the last record.
    """
    asked: dict[tuple[str, str], float] = {}
    found, last = [], 0.0
    for row in rows:
        last, key = row["at"], (row["who"], row.get("channel", ""))
        if row["what"] == "asking":
            asked[key] = row["at"]
        elif row["what"] in ("subscribed", "refused_channel") and key in asked:
            found.append(row["at"] - asked.pop(key))
        elif row["what"] == "closed":
            asked = {one: at for one, at in asked.items() if one[0] != row["who"]}
    return found + [last - at for at in asked.values()]


def refused(rows: Iterable[Row], since: float = 0.0, until: float = float("inf")) -> list[Row]:
    """The refusals in between."""
    return [row for row in rows if row["what"] == "refused" and since <= row["at"] <= until]


def waits(rows: Iterable[Row], since: float = 0.0, until: float = float("inf")) -> list[float]:
    """Seconds that each answer took, done or refused, that came in between."""
    return [
        row["seconds"]
        for row in rows
        if row["what"] in ("acknowledged", "refused") and since <= row["at"] <= until
    ]


def now() -> float:
    """The moment, on the journals' clock."""
    return monotonic()


class Memory:
    """The highest memory of a process, looked at five times a second."""

    def __init__(self, pid: int) -> None:
        self.pid, self.highest_kb = pid, resident_kb(pid)
        self.first_kb = self.highest_kb

    @property
    def grown_kb(self) -> int:
        """By how much it was higher than at first."""
        return self.highest_kb - self.first_kb

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            self.highest_kb = max(self.highest_kb, resident_kb(self.pid))
            await asyncio.sleep(0.2)


@asynccontextmanager
async def memory(pid: int) -> AsyncIterator[Memory]:
    """Watch a process meanwhile."""
    meter = Memory(pid)
    task = asyncio.create_task(meter.watch())
    try:
        yield meter
    finally:
        task.cancel()


class Reads:
    """Pages read one after the other, all the time."""

    def __init__(self, address: str, paths: Sequence[str]) -> None:
        self._caller, self._paths = Caller(address), paths
        self.count = 0
        self.failed: list[str] = []

    async def run(self) -> None:
        """Read until cancelled."""
        try:
            for path in cycle(self._paths):
                await self._read(path)
                await asyncio.sleep(0.01)
        finally:
            self._caller.close()

    async def _read(self, path: str) -> None:
        try:
            status = (await self._caller.request("GET", path, seconds=20)).status
        except Unanswered as error:
            self.failed.append(f"{path}: {error}")
        else:
            if status != 200:
                self.failed.append(f"{path}: {status}")
        self.count += 1

    async def some_more(self) -> None:
        """Wait for some more reads, whatever comes of them."""
        goal = self.count + 10
        await until(lambda: self.count >= goal, 60, "more reads")


@asynccontextmanager
async def reading(address: str, paths: Sequence[str]) -> AsyncIterator[Reads]:
    """Read these pages meanwhile."""
    reads = Reads(address, paths)
    task = asyncio.create_task(reads.run())
    try:
        yield reads
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

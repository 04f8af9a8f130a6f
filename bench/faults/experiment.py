"""What an experiment is, and what it gives."""

from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults.figures import FIVE, Figures
from bench.faults.journal import Row
from bench.faults.meters import percentile, subscriptions

# A client that comes back is brought up to date soon, however busy its channels are.
SUBSCRIBED_SECONDS = 5.0
# Short runs are a part of the tests, on machines that do other things meanwhile: their times are noted only.
_times_count: ContextVar[bool] = ContextVar("times_count", default=True)


@dataclass(slots=True)
class Result:
    """What was seen.

    Attributes:
        figures: the checker's.
        seen: measures, in words.
        wrong: promises that were not kept, in words.
    """

    figures: Figures
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, kept: bool, promise: str) -> None:
        """Note a measure with its promise; whether it was kept."""
        (self.seen if kept else self.wrong).append(promise)

    def within(self, value: float, limit: float, promise: str) -> None:
        """Note a time with the limit that was promised for it."""
        self.expect(value <= limit or not _times_count.get(), promise)

    def expect_answers(self, rows: Iterable[Row]) -> None:
        """Note how long subscriptions waited for their answers."""
        waits = subscriptions(rows)
        longest, usual = max(waits), percentile(waits, 0.5)
        self.within(
            longest, SUBSCRIBED_SECONDS,
            f"{len(waits)} subscriptions answered after {1000 * usual:.0f} ms (median), "
            f"{longest:.1f} s at the latest (≤ {SUBSCRIBED_SECONDS:g})",
        )  # fmt: skip

    def faults(self) -> list[str]:
        """Everything that makes this a failure, in words; none for a success."""
        found = list(self.wrong)
        if any(getattr(self.figures, name) for name in FIVE):
            found += self.figures.examples
        if not self.figures.counted:
            found.append("no write was on the wire at any fault: it does not count")
        return found


Run = Callable[..., Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named one.

    Attributes:
        title: what is done, for the table.
        run: called with a folder of its own and `whole` or `short`.
        engine: "SQLite", or "PostgreSQL + Redis".
    """

    name: str
    title: str
    run: Run
    whole: dict[str, Any]
    short: dict[str, Any]
    engine: str = "SQLite"

    async def __call__(self, folder: Path, short: bool = False) -> Result:
        """Run it, whole or short."""
        token = _times_count.set(not short)
        try:
            return await self.run(folder, **(self.short if short else self.whole))
        finally:
            _times_count.reset(token)

"""What an experiment is, and what it gives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults.figures import FIVE, Figures


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
        return await self.run(folder, **(self.short if short else self.whole))

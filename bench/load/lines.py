"""A line of the report: a figure, its yardstick of the same run, and what was promised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One of them; `ratio` is "" where there is no yardstick."""

    what: str
    figure: str
    yardstick: str = ""
    ratio: str = ""
    budget: str = ""
    kept: bool = True

    def text(self) -> str:
        """For the terminal."""
        beside = f", beside {self.yardstick}: {self.ratio}" if self.yardstick else ""
        return f"{self.what}: {self.figure}{beside} ({self.budget}{'' if self.kept else ': NOT KEPT'})"

    def row(self) -> str:
        """For the page."""
        budget = self.budget if self.kept else f"{self.budget}: not kept"
        return f"| {self.what} | {self.figure} | {self.yardstick} | {self.ratio} | {budget} |"

"""The five figures of an experiment, and what they were counted on."""

from dataclasses import dataclass, field

FIVE = ("lost", "doubled", "gaps", "disorder", "leaked")
EXAMPLES = 5


@dataclass(slots=True)
class Figures:
    """All of the five must be 0.

    Attributes:
        lost: acknowledged writes that the database does not hold, or holds without telling of them.
        doubled: effects of one write beyond the first; events heard twice.
        gaps: events (or posts) that a listener was never brought and never told to refresh for.
        disorder: events heard out of their order.
        leaked: events heard by who may not hear them.
        acknowledged, heard, refreshes: what there was.
        answered, unanswered: of the writes on the wire at the faults, those answered all the same, and not.
        faults, counted: how many there were; how many with writes on the wire: the others prove nothing.
        examples: the first of each kind, in words.
    """

    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    disorder: int = 0
    leaked: int = 0
    acknowledged: int = 0
    heard: int = 0
    refreshes: int = 0
    answered: int = 0
    unanswered: int = 0
    faults: int = 0
    counted: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, figure: str, example: str, number: int = 1) -> None:
        """Count so many more of one of the five."""
        before = getattr(self, figure)
        setattr(self, figure, before + number)
        if sum(line.startswith(figure) for line in self.examples) < EXAMPLES:
            self.examples.append(f"{figure}: {example}")

    def clean(self) -> bool:
        """Whether all five are 0, with writes on the wire at a fault."""
        return not any(getattr(self, figure) for figure in FIVE) and self.counted > 0

"""What the pages about what waits for approval are given."""

from dataclasses import dataclass, field

from markupsafe import Markup

from forum.kinds.registry import Details
from forum.pending.queries import HeldCard
from forum.web import LiveChannel


@dataclass(frozen=True, slots=True)
class HeldForm:
    """What was typed, and what is wrong with it."""

    raw: str
    message: str = ""
    decision: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """One's own post that waits, or what became of it."""

    held: HeldCard
    html: Markup
    details: Details | None
    form: HeldForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """A post that waits, for whoever decides; the form; and the name of the colleague who has it in hand."""

    held: HeldCard
    html: Markup
    details: Details | None
    may_decide: bool
    colleague: str
    form: HeldForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

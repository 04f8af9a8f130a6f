"""What the pages about appeals against suspensions are given."""

from datetime import datetime

from msgspec import Struct, field

from forum.reviewables.judging import DecisionForm
from forum.suspensions.queries import SuspensionCard
from forum.web import LiveChannel


class SuspensionNote(Struct, frozen=True):
    """What a suspended member reads at the door: `appeal` is where they appeal, or see what became of it."""

    until: datetime
    reason: str
    contact: str
    appeal: str = ""
    may_appeal: bool = False


class AppealPage(Struct, frozen=True):
    """A suspension as the member reads it, and the form to appeal."""

    suspension: SuspensionCard
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class JudgePage(Struct, frozen=True):
    """An appeal, for whoever decides; the form; and the name of the colleague who has it in hand."""

    appeal: SuspensionCard
    may_decide: bool
    colleague: str
    choices: list[tuple[str, str]]
    form: DecisionForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

"""What the pages about what waits for approval are given."""

from markupsafe import Markup
from msgspec import Struct, field

from forum.kinds.registry import Details
from forum.pending.queries import HeldCard
from forum.web import LiveChannel


class HeldForm(Struct, frozen=True):
    """What was typed, and what is wrong with it."""

    raw: str
    message: str = ""
    decision: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class HeldPage(Struct, frozen=True):
    """One's own post that waits, or what became of it."""

    held: HeldCard
    html: Markup
    details: Details | None
    form: HeldForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class ApprovalPage(Struct, frozen=True):
    """A post that waits, for whoever decides; the form; and the name of the colleague who has it in hand."""

    held: HeldCard
    html: Markup
    details: Details | None
    may_decide: bool
    colleague: str
    form: HeldForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

"""What the pages of the queue are given."""

from msgspec import Struct, field

from forum.pending.queries import HeldCard
from forum.reviewables.judging import DecisionForm
from forum.reviewables.queries import CaseCard
from forum.signup_requests.queries import RequestCard
from forum.suspensions.queries import SuspensionCard
from forum.web import LiveChannel


class FlagWords(Struct, frozen=True):
    """A flag, and its reason in words."""

    words: str
    message: str
    by_name: str
    by_username: str


class CaseLine(Struct, frozen=True):
    """An item as staff read it; `decided` and `first` say in words what was decided, if anything was."""

    case: CaseCard
    flags: list[FlagWords]
    mine: bool
    decided: str = ""
    first: str = ""


class QueuePage(Struct, frozen=True):
    """What waits; `lets_in` for those who also decide about requests for an account."""

    lines: list[CaseLine]
    held: list[HeldCard]
    requests: list[RequestCard]
    appeals: list[SuspensionCard]
    lets_in: bool
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


class CasePage(Struct, frozen=True):
    """One item, and the form to decide it."""

    line: CaseLine
    may_decide: bool
    choices: list[tuple[str, str]]
    form: DecisionForm = field(default_factory=DecisionForm)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class AppealForm(Struct, frozen=True):
    """What the author typed."""

    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class RulingPage(Struct, frozen=True):
    """A decision as its author reads it."""

    case: CaseCard
    words: str
    appeal_words: str
    may_appeal: bool
    form: AppealForm = field(default_factory=AppealForm)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

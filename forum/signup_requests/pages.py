"""What the pages about requests for an account are given."""

from msgspec import Struct, field

from forum.reviewables.judging import DecisionForm
from forum.signup_requests.queries import RequestCard
from forum.web import LiveChannel


class RequestPage(Struct, frozen=True):
    """A request, for whoever decides; the form; and the name of the colleague who has it in hand."""

    request: RequestCard
    may_decide: bool
    colleague: str
    form: DecisionForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class GonePage(Struct, frozen=True):
    """A request that is none any more, with what somebody had typed about it."""

    typed: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class AppealPage(Struct, frozen=True):
    """A refusal as whoever asked reads it, and the form to appeal."""

    request: RequestCard
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

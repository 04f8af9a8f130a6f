"""What the pages about review dates are given."""

from collections.abc import Mapping

from msgspec import Struct, field

from forum.freshness.queries import Dated
from forum.moves.pages import Target
from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class LinkPage(Struct, frozen=True):
    """What a mailed link opens: the question, or that it is answered."""

    dated: Dated
    done: bool
    flash: str | None = None
    channels: tuple[LiveChannel, ...] = ()


class WaitingPage(Struct, frozen=True):
    """All that waits for the viewer's word."""

    asked: list[Dated]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


class SuccessorPage(Struct, frozen=True):
    """The form to say what has taken the place of a post."""

    dated: Dated
    target: Target
    successor: TopicCard | None
    errors: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

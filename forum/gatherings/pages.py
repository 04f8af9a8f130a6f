"""What the pages about gatherings are given."""

from collections.abc import Mapping

from msgspec import Struct, field

from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class OutcomePage(Struct, frozen=True):
    """The form to conclude a gathering, shown again."""

    topic: TopicCard
    ending: str
    outcome: str
    errors: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

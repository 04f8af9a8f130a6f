"""What the pages about typed fields are given."""

from collections.abc import Mapping

from msgspec import Struct, field

from forum.kinds.queries import FieldsVersion
from forum.kinds.registry import Kind
from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class FieldsPage(Struct, frozen=True):
    """The form to change a topic's typed fields; with `theirs`, what others made of them meanwhile."""

    topic: TopicCard
    kind: Kind
    typed: Mapping[str, str]
    version: int
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: list[FieldsVersion] = field(default_factory=list)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class VersionsPage(Struct, frozen=True):
    """The history of a topic's typed fields."""

    topic: TopicCard
    versions: list[FieldsVersion]
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

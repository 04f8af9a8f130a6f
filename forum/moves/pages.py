"""What the pages to move posts and to merge topics are given."""

from msgspec import Struct, field

from forum.categories.queries import CategoryCard
from forum.posts.queries import PostCard
from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class Target(Struct, frozen=True):
    """The other topic as typed, those that this names, and the one that was chosen among them."""

    typed: str = ""
    found: list[TopicCard] = field(default_factory=list)
    chosen: int | None = None
    searched: bool = False


class MoveForm(Struct, frozen=True):
    """What was chosen and typed. `numbers` are those of posts on other pages than the one shown."""

    ticked: frozenset[int] = frozenset()
    numbers: str = ""
    where: str = "new"
    title: str = ""
    category_id: int | None = None
    kind: str = "discussion"
    tags: str = ""
    token: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class MovePage(Struct, frozen=True):
    """The form to move posts: those of one page of the topic, and where they go."""

    topic: TopicCard
    posts: list[PostCard]
    number: int
    count: int
    form: MoveForm
    target: Target
    themes: tuple[CategoryCard, ...]
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class MergePage(Struct, frozen=True):
    """The form to merge a topic into another one."""

    topic: TopicCard
    target: Target
    token: str
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

"""What the pages about topics are given."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct, field

from forum.categories.details import AnimatorLine
from forum.categories.queries import CategoryCard
from forum.composer import Composer
from forum.kinds.narrowing import EVERYTHING, Narrowed
from forum.kinds.registry import Kind
from forum.pending.queries import HeldCard
from forum.tags.queries import TagCard
from forum.topics.queries import AcceptedLink, TopicCard
from forum.web import CARDS_HERE, LiveChannel

NOTHING = Markup("")


class Pager(Struct, frozen=True):
    """Where one is among the pages of a topic."""

    number: int
    count: int
    previous_path: str | None
    next_path: str | None
    in_order: bool = True

    @property
    def shows_end(self) -> bool:
        """True on the last page in the order of time: new posts may be appended."""
        return self.in_order and self.number == self.count


class IndexPage(Struct, frozen=True):
    """A list of topics; `level`: how closely a member follows the theme of it."""

    title: str
    tab: str
    category: CategoryCard | None
    tag: TagCard | None
    holds: str
    topics: list[TopicCard]
    rows: Markup
    next_path: str | None
    themes: tuple[CategoryCard, ...]
    channels: tuple[LiveChannel, ...]
    animators: list[AnimatorLine] = field(default_factory=list)
    narrowed: Narrowed = EVERYTHING
    unknown: int = 0
    kinds: list[Kind] = field(default_factory=list)
    flash: str | None = None
    level: int | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


class PinForm(Struct, frozen=True):
    """What was chosen for pinning a topic, and why it does not do."""

    until: str = ""
    in_theme: bool = False
    error: str = ""


class ShowPage(Struct, frozen=True):
    """One topic, one page of its posts; by threads when there is a `sort`, `cut` when not all are shown.

    `move_to`: the themes where the viewer may move it; `pin_cleared`: whether they have unpinned it for
    themselves.
    """

    topic: TopicCard
    category: CategoryCard
    cards: bytes
    pages: Pager
    accepted: list[AcceptedLink]
    level: int | None
    level_reason: str
    may_reply: bool
    may_edit_title: bool
    may_close: bool
    move_to: tuple[CategoryCard, ...]
    controls_own: Markup
    controls_other: Markup
    viewer_json: Markup
    composer: Composer
    first_unread_path: str | None
    channels: tuple[LiveChannel, ...]
    waiting: list[HeldCard] = field(default_factory=list)
    details: Markup = NOTHING
    above: Markup = NOTHING
    beside: Markup = NOTHING
    markup: Markup = NOTHING
    body: Markup = CARDS_HERE
    flash: str | None = None
    sort: str = ""
    cut: bool = False
    pin_cleared: bool = False
    pin: PinForm = field(default_factory=PinForm)
    faults: Mapping[str, str] = field(default_factory=dict)


class NewPage(Struct, frozen=True):
    """The form to open a topic."""

    composer: Composer
    themes: tuple[CategoryCard, ...]
    kinds: list[Kind] = field(default_factory=list)
    preview: Markup | None = None
    similar: Sequence[Any] | None = None
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class TitleForm(Struct, frozen=True):
    """A topic's title and tags as typed."""

    title: str
    tags: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class EditPage(Struct, frozen=True):
    """The form to give a topic another title and other tags."""

    topic: TopicCard
    form: TitleForm
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

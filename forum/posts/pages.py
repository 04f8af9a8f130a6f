"""What the pages about posts are given."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from forum.accounts.queries import PersonCard
from forum.posts.queries import PostAt, PostCard
from forum.web import CARDS_HERE, LiveChannel


@dataclass(frozen=True, slots=True)
class EditForm:
    """A post's text as typed, and the version that it started from."""

    raw: str
    version: int
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EditConflict:
    """What somebody else made of the post meanwhile."""

    raw: str
    by_name: str
    version: int


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form to edit a post; with a conflict, both texts."""

    post: PostAt
    form: EditForm
    conflict: EditConflict | None = None
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a post, and what it changed from the one before."""

    version: int
    editor: PersonCard
    at: datetime
    reason: str
    diff: Markup


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All versions of a post, the latest first; all that has changed since one of them, if it is asked."""

    post: PostAt
    revisions: list[Revision]
    channels: tuple[LiveChannel, ...] = ()
    since: int = 0
    changes: Markup | None = None
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """The replies under a post."""

    post: PostCard
    cards: bytes
    count: int
    channels: tuple[LiveChannel, ...] = ()
    body: Markup = CARDS_HERE
    flash: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A text as it will look."""

    html: Markup
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

"""What the pages about posts are given."""

from datetime import datetime

from markupsafe import Markup
from msgspec import Struct, field

from forum.accounts.queries import PersonCard
from forum.posts.queries import PostAt, PostCard
from forum.web import CARDS_HERE, LiveChannel


class EditForm(Struct, frozen=True):
    """A post's text as typed, and the version that it started from."""

    raw: str
    version: int
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class EditConflict(Struct, frozen=True):
    """What somebody else made of the post meanwhile."""

    raw: str
    by_name: str
    version: int


class EditPage(Struct, frozen=True):
    """The form to edit a post; with a conflict, both texts."""

    post: PostAt
    form: EditForm
    conflict: EditConflict | None = None
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class Revision(Struct, frozen=True):
    """One version of a post, and what it changed from the one before."""

    version: int
    editor: PersonCard
    at: datetime
    reason: str
    diff: Markup


class HistoryPage(Struct, frozen=True):
    """All versions of a post, the latest first; all that has changed since one of them, if it is asked."""

    post: PostAt
    revisions: list[Revision]
    channels: tuple[LiveChannel, ...] = ()
    since: int = 0
    changes: Markup | None = None
    flash: str | None = None


class RepliesPage(Struct, frozen=True):
    """The replies under a post."""

    post: PostCard
    cards: bytes
    count: int
    channels: tuple[LiveChannel, ...] = ()
    body: Markup = CARDS_HERE
    flash: str | None = None


class PreviewPage(Struct, frozen=True):
    """A text as it will look."""

    html: Markup
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None

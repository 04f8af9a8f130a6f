"""Who may say that their organisation did it too. Pure; the change itself asks whether they are verified."""

from typing import Protocol

from forum.accounts.viewer import Viewer

# The kinds whose first post is something to take up.
TAKEN_UP = frozenset({"sheet", "document"})


class ItemFacts(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> int: ...
    @property
    def gone(self) -> bool: ...
    @property
    def offered(self) -> bool: ...
    @property
    def count(self) -> int: ...


def is_offered(number: int, kind: str, *, accepted: bool) -> bool:
    """Whether a post is something to take up: it opens a sheet or a document, or is an accepted answer."""
    return accepted or (number == 1 and kind in TAKEN_UP)


def may_declare(viewer: Viewer, item: ItemFacts) -> bool:
    """Members who may write in the theme, also once the topic is closed: what was done there goes on."""
    return viewer.may_reply_in(item.category_id) and item.offered and not item.gone


def may_change(viewer: Viewer, item: ItemFacts) -> bool:
    """The same for a record that is there, also when the answer is no longer accepted."""
    return viewer.may_reply_in(item.category_id) and (item.offered or item.count > 0) and not item.gone

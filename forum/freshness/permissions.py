"""Who may say that something still holds, or that something newer has taken its place. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class DatedFacts(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> int: ...
    @property
    def authors(self) -> frozenset[int]: ...


def may_confirm(viewer: Viewer, dated: DatedFacts) -> bool:
    """Whoever wrote it or a part of it, where they may still write; a closed topic may hold all the same.

    Whoever has done the same elsewhere may know as well: they would join the authors here.
    """
    return viewer.may_reply_in(dated.category_id) and viewer.id in dated.authors


def may_supersede(viewer: Viewer, dated: DatedFacts) -> bool:
    """The same, and whoever looks after the theme."""
    return may_confirm(viewer, dated) or viewer.moderates(dated.category_id)

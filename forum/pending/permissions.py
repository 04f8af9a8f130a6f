"""Who may look at what waits for approval, and decide. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class Held(Protocol):
    """What the rules look at."""

    @property
    def author_id(self) -> int: ...
    @property
    def category_id(self) -> int: ...
    @property
    def open(self) -> bool: ...
    @property
    def judge_id(self) -> int | None: ...


def may_see_held(viewer: Viewer, held: Held) -> bool:
    """Its author, and whoever looks after the theme."""
    own = viewer.signed_in and viewer.id == held.author_id
    return own or viewer.moderates(held.category_id)


def may_approve(viewer: Viewer, held: Held, *, has_colleagues: bool) -> bool:
    """Whoever looks after the theme, nobody their own.

    An appeal is for somebody else than the first decision, where there is somebody.
    """
    if viewer.id == held.author_id or not may_see_held(viewer, held):
        return False
    return not (held.open and viewer.id == held.judge_id and has_colleagues)

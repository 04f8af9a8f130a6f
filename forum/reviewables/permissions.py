"""Who may look into the queue, and decide what. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class Case(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def first_judge_id(self) -> int | None: ...


def may_review(viewer: Viewer) -> bool:
    """Moderators, administrators, and the animators of some theme."""
    return viewer.signed_in and (viewer.staff or bool(viewer.animates))


def may_see_case(viewer: Viewer, case: Case) -> bool:
    """Whoever looks after the theme; nobody what is said of their own posts."""
    return viewer.moderates(case.category_id) and viewer.id != case.author_id


def may_decide(viewer: Viewer, case: Case, *, has_colleagues: bool) -> bool:
    """The same; an appeal against one's own decision is for somebody else, where there is somebody."""
    return may_see_case(viewer, case) and not (viewer.id == case.first_judge_id and has_colleagues)

"""Who may read an appeal against a suspension, and decide. Pure."""

from typing import Protocol

from forum.accounts.permissions import Member, may_suspend
from forum.accounts.viewer import Viewer


class Appeal(Protocol):
    """What the rules look at."""

    @property
    def member(self) -> Member: ...
    @property
    def judge_id(self) -> int | None: ...


def may_see_appeal(viewer: Viewer, appeal: Appeal) -> bool:
    """Whoever may suspend this member, and so let them in again."""
    return viewer.signed_in and may_suspend(viewer, appeal.member)


def may_decide_appeal(viewer: Viewer, appeal: Appeal, *, has_colleagues: bool) -> bool:
    """The same; one's own suspension is looked at by somebody else, where there is somebody."""
    return may_see_appeal(viewer, appeal) and not (viewer.id == appeal.judge_id and has_colleagues)

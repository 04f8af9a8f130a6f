"""Who may read a request for an account, and decide. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer


class Asking(Protocol):
    """What the rules look at."""

    @property
    def open(self) -> bool: ...
    @property
    def judge_id(self) -> int | None: ...


def may_see_requests(viewer: Viewer) -> bool:
    """Moderators and administrators: a request is about the whole site, and shows a mail address."""
    return viewer.signed_in and viewer.staff


def may_decide_request(viewer: Viewer, request: Asking, *, has_colleagues: bool) -> bool:
    """The same; an appeal is for somebody else than the first decision, where there is somebody."""
    return may_see_requests(viewer) and not (
        request.open and viewer.id == request.judge_id and has_colleagues
    )

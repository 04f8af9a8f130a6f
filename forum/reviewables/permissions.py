"""Who may look into the queue, and decide what. Pure."""

from typing import Protocol

from forum.accounts.viewer import Viewer
from forum.posts.permissions import PostFacts, may_delete_post
from forum.topics.permissions import OwnedTopic, may_moderate


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


def may_remove_post(viewer: Viewer, post: PostFacts) -> bool:
    """Whoever looks after the theme, a reply of somebody else's; with a reason that its author reads."""
    return (
        viewer.id != post.author_id and viewer.moderates(post.category_id) and may_delete_post(viewer, post)
    )


def may_remove_topic(viewer: Viewer, topic: OwnedTopic) -> bool:
    """Whoever looks after the theme, a topic of somebody else's."""
    return viewer.id != topic.author_id and may_moderate(viewer, topic) and not topic.deleted

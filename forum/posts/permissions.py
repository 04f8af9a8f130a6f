"""Who may do what with a post. Pure: asked by actions, pages and channels alike."""

from typing import Protocol

from forum.accounts.viewer import Viewer
from forum.kinds.registry import kind_of


class PostFacts(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> int: ...
    @property
    def closed(self) -> bool: ...
    @property
    def topic_deleted(self) -> bool: ...
    @property
    def topic_kind(self) -> str: ...
    @property
    def topic_author_id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def deleted_by_id(self) -> int | None: ...
    @property
    def post_type(self) -> int: ...


def may_edit_post(viewer: Viewer, post: PostFacts) -> bool:
    """Its author while the topic is open, in a wiki everyone; whoever looks after the theme always."""
    if post.deleted or post.topic_deleted or post.post_type == 3:
        return False
    writes = viewer.may_reply_in(post.category_id) and not post.closed
    everyones = post.number == 1 and kind_of(post.topic_kind).wiki
    mine = writes and (viewer.id == post.author_id or everyones)
    return mine or viewer.moderates(post.category_id)


def may_delete_post(viewer: Viewer, post: PostFacts) -> bool:
    """Whoever may edit it; the first post goes with its topic only."""
    return post.number > 1 and may_edit_post(viewer, post)


def may_recover_post(viewer: Viewer, post: PostFacts) -> bool:
    """Whoever looks after the theme, or the author who deleted it; nobody their own that moderation hid."""
    if not post.deleted or post.topic_deleted or not viewer.may_see(post.category_id):
        return False
    if post.hidden and viewer.id == post.author_id:
        return False
    own = viewer.id == post.author_id == post.deleted_by_id and not post.closed
    return own or viewer.moderates(post.category_id)


def may_vote(viewer: Viewer, post: PostFacts) -> bool:
    """Members, on a post that is not their own, while the topic is open."""
    return (
        viewer.may_reply_in(post.category_id)
        and viewer.id != post.author_id
        and not (post.deleted or post.topic_deleted or post.closed)
        and post.post_type == 1
    )


def may_accept(viewer: Viewer, post: PostFacts) -> bool:
    """The asker, or whoever looks after the theme, on any reply to a question."""
    if post.deleted or post.topic_deleted or post.number == 1 or post.post_type != 1:
        return False
    asker = viewer.id == post.topic_author_id and viewer.may_reply_in(post.category_id)
    return post.topic_kind == "question" and (asker or viewer.moderates(post.category_id))

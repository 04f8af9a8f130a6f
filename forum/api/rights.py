"""What a viewer may do with a post, as Discourse's `can_…` tell it: the pages' own rules."""

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.posts.models import PostType
from forum.posts.permissions import may_accept, may_delete_post, may_edit_post, may_vote
from forum.posts.queries import PostCard
from forum.topics.queries import TopicCard


class Rights(Struct, frozen=True):
    """What the viewer may do with one post."""

    vote: bool
    edit: bool
    delete: bool
    accept: bool


class _Place(Struct, frozen=True):
    """A post in its topic, as the rules look at it."""

    category_id: int
    closed: bool
    topic_deleted: bool
    topic_kind: str
    topic_author_id: int
    author_id: int
    number: int
    deleted: bool
    hidden: bool
    deleted_by_id: int | None
    post_type: int


def rights_on(card: PostCard, viewer: Viewer, topic: TopicCard) -> Rights:
    """The viewer's rights on a post of this topic."""
    place = _Place(
        category_id=topic.category_id,
        closed=topic.closed,
        topic_deleted=topic.deleted,
        topic_kind=topic.kind,
        topic_author_id=topic.author_id,
        author_id=card.author.id,
        number=card.number,
        deleted=card.deleted,
        hidden=card.hidden,
        deleted_by_id=None,
        post_type=int(PostType[card.post_type.upper()]),
    )
    return Rights(
        may_vote(viewer, place),
        may_edit_post(viewer, place),
        may_delete_post(viewer, place),
        may_accept(viewer, place),
    )

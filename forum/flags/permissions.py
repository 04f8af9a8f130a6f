"""Who may flag what. Pure."""

from forum.accounts.viewer import Viewer
from forum.posts.permissions import PostFacts


def may_flag(viewer: Viewer, post: PostFacts) -> bool:
    """Members who may read it, in a closed topic too; nobody their own posts."""
    there = not (post.deleted or post.topic_deleted) and post.post_type == 1
    return viewer.signed_in and viewer.id != post.author_id and there and viewer.may_see(post.category_id)

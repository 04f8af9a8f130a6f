"""What a change knows of the post it has just written or marked."""

from msgspec import Struct


class NewPost(Struct, frozen=True):
    """A post's place, its author, and the members whom it addresses."""

    id: int
    topic_id: int
    category_id: int
    number: int
    author_id: int
    topic_slug: str = ""
    replied_to: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    mentioned: frozenset[int] = frozenset()

"""What slices let stand at a post's foot: neutral partials, in the page, in caches and in what is pushed.

A slice declares a reader; it is handed the cards of a page and gives an annex for those that it speaks of.
Its partial needs `annex` (the subject) and nothing of the viewer. Whoever changes what an annex says moves
the topic's version, and tells of it by a fact of their own whose presenter replaces the partial's element.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from forum.posts.queries import PostCard


class Annex(Struct, frozen=True):
    """Something at the foot of one post.

    Args:
        template: the partial.
        subject: what it needs, as `annex`.
        shape: the same for programs: fields more of the post's JSON.
    """

    template: str
    subject: Any
    shape: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[Sequence["PostCard"]], Awaitable[Mapping[int, Annex]]]
_readers: list[Reader] = []


def annexed(reader: Reader) -> Reader:
    """Declare what stands at the foot of posts: their cards → the annexes, by the posts' ids."""
    _readers.append(reader)
    return reader


async def with_annexes(cards: "list[PostCard]") -> "list[PostCard]":
    """The same cards with what stands at their feet; a deleted post has nothing there."""
    shown = [card for card in cards if not card.deleted and card.post_type != "small_action"]
    if not (shown and _readers):
        return cards
    found = [await reader(shown) for reader in _readers]
    at_foot = {card.id: tuple(by_post[card.id] for by_post in found if card.id in by_post) for card in shown}
    return [replace(card, annexes=at_foot[card.id]) if at_foot.get(card.id) else card for card in cards]

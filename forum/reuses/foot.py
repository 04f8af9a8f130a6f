"""What stands at the foot of what can be taken up: how many organisations did, and the way to say so."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from forum.posts.annexes import Annex, annexed
from forum.posts.queries import PostCard
from forum.reuses.permissions import is_offered
from forum.reuses.queries import counts_of

FOOT = "reuses/_foot.html"


class Foot(Struct, frozen=True):
    """At one post's foot."""

    post_id: int
    count: int
    offered: bool


@annexed
async def reuses_at_foot(cards: Sequence[PostCard]) -> Mapping[int, Annex]:
    """Of those posts that are offered, or were taken up before they no longer were."""
    counts = await counts_of(card.id for card in cards)
    feet = {
        card.id: Foot(card.id, counts.get(card.id, 0), _is_offered(card))
        for card in cards
        if card.id in counts or _is_offered(card)
    }
    return {id: Annex(FOOT, foot, {"reuse_count": foot.count}) for id, foot in feet.items()}


def _is_offered(card: PostCard) -> bool:
    return is_offered(card.number, card.topic_kind, accepted=card.accepted is not None)

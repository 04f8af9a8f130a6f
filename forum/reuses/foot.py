"""What stands at the foot of what can be taken up: how many organisations did, and the way to say so."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from forum.posts.annexes import Annex, annexed
from forum.posts.queries import PostCard
from forum.reuses.permissions import is_offered
from forum.reuses.queries import counts_of

FOOT = "reuses/_foot.html"


class Foot(Struct, frozen=True):
    """At one post's foot; of what is no longer offered, only the way to what was said of it."""

    post_id: int
    count: int
    offered: bool


@annexed
async def reuses_at_foot(cards: Sequence[PostCard]) -> Mapping[int, Annex]:
    """Of those posts that are offered, or were taken up before they no longer were."""
    counts = await counts_of(card.id for card in cards)
    offered = {card.id for card in cards if _is_offered(card)}
    feet = {
        card.id: Foot(card.id, counts.get(card.id, 0) if card.id in offered else 0, card.id in offered)
        for card in cards
        if card.id in counts or card.id in offered
    }
    return {id: Annex(FOOT, foot, {"reuse_count": foot.count}) for id, foot in feet.items()}


def _is_offered(card: PostCard) -> bool:
    return is_offered(card.number, card.topic_kind, accepted=card.accepted is not None)

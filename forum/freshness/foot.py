"""What stands at the foot of a post about its date: the same for everyone."""

from collections.abc import Mapping, Sequence

from forum.api.list_shapes import moment
from forum.freshness.periods import dated_kinds
from forum.freshness.queries import SUPERSEDED, TO_CHECK, Dated, marks_of
from forum.posts.annexes import Annex, annexed
from forum.posts.queries import PostCard

TEMPLATE = "freshness/_foot.html"


@annexed
async def dates_at_foot(cards: Sequence[PostCard]) -> Mapping[int, Annex]:
    """Of the post that opens a topic of a kind that is dated, and of accepted answers."""
    kinds = dated_kinds()
    wanted = [card.id for card in cards if card.accepted or (card.is_first and card.topic_kind in kinds)]
    found = await marks_of(wanted) if wanted else []
    return {one.post_id: Annex(TEMPLATE, one, shape_of(one)) for one in found}


def shape_of(dated: Dated) -> dict[str, object]:
    """The same for programs. What has taken its place is not named: not everyone may see it."""
    return {
        "freshness": {
            "review_at": moment(dated.due_at),
            "to_check": dated.state == TO_CHECK,
            "superseded": dated.state == SUPERSEDED,
            "confirmed_at": moment(dated.confirmed_at),
            "confirmed_by": dated.confirmed_by or None,
        }
    }

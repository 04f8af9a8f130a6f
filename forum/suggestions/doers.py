"""Organisations that did it: those who took up what is close to a question, the one most like the asker's."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from forum.comparables.closeness import Closeness, closeness_of
from forum.comparables.index import the_index
from forum.organisations.members import Affiliation
from forum.reuses.models import ReuseState
from forum.reuses.queries import Taker

# Who only studied it, or gave it up, is no example to follow.
DONE = (ReuseState.IN_SERVICE, ReuseState.TESTING)


class Doer(Struct, frozen=True):
    """An organisation that took up something of a topic; `peer` is how near it is, when that is known."""

    taker: Taker
    peer: Closeness | None


async def nearest_doer(own: Affiliation | None, takers: Sequence[Taker]) -> Doer | None:
    """Of those who took something up, the nearest to one's organisation; without one, the last who did."""
    others = [one for one in takers if one.state in DONE and (own is None or one.organisation_id != own.id)]
    near = await _closeness(own, others)
    best = max(others, key=lambda one: (_value(near.get(one.organisation_id)), one.id), default=None)
    return Doer(best, near.get(best.organisation_id)) if best else None


def _value(peer: Closeness | None) -> float:
    return peer.value if peer else 0.0


async def _closeness(own: Affiliation | None, takers: Sequence[Taker]) -> Mapping[int, Closeness]:
    if own is None or not takers:
        return {}
    facts = (await the_index()).facts
    known = {one.organisation_id for one in takers} & facts.keys()
    return {id: closeness_of(facts[own.id], facts[id]) for id in known} if own.id in facts else {}

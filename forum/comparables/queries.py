"""Comparable organisations: those nearest to one, each with its reason in words."""

from msgspec import Struct

from forum.categories.queries import ids
from forum.comparables.closeness import Closeness, closeness_of
from forum.comparables.index import the_index
from forum.errors import NotFound
from forum.organisations.queries import COLUMNS, OrganisationCard, organisation_card
from realtime.sql import sql

SHOWN = 15


class Comparable(Struct, frozen=True):
    """An organisation that is like another one, and why."""

    organisation: OrganisationCard
    closeness: Closeness


async def comparables_of(organisation_id: int, count: int = SHOWN) -> list[Comparable]:
    """The nearest organisations, of the same kind first, the nearest at the head; never itself."""
    index = await the_index()
    facts = index.facts.get(organisation_id)
    if facts is None:
        return []
    near = index.nearest(facts, count)
    rows = await sql(
        f"SELECT {COLUMNS} FROM organisations o WHERE o.id IN ({ids(frozenset(b.id for b in near))})"
    )
    cards = {row["id"]: organisation_card(row) for row in rows}
    return [Comparable(cards[b.id], closeness_of(facts, b)) for b in near if b.id in cards]


async def closeness(organisation_a: int, organisation_b: int) -> Closeness:
    """How near `b` is to `a`: from 0 to 1, with the reason in the current language.

    Args:
        organisation_a, organisation_b: their ids.

    Raises:
        NotFound: one of them is not in the directory.
    """
    facts = (await the_index()).facts
    if organisation_a not in facts or organisation_b not in facts:
        raise NotFound
    return closeness_of(facts[organisation_a], facts[organisation_b])

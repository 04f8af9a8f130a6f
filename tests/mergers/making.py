"""Organisations of the valley that are merged."""

from forum.mergers.actions import merge_organisations
from forum.organisations.merging import Merge
from forum.reuses.queries import Item, ReuseCard, reuses_of
from tests.cast import Cast
from tests.reuses.making import organisation

REASON = "Decree of 3 March: a new commune."


async def merged(cast: Cast, absorbed: str, kept: str, reason: str = REASON) -> Merge:
    """Ada merges two organisations, by their addresses."""
    return await merge_organisations(
        await cast.ada(), await organisation(absorbed), await organisation(kept), reason
    )


async def the_record(item: Item, slug: str) -> ReuseCard:
    """What an organisation says about an item."""
    number = await organisation(slug)
    return next(one for one in await reuses_of(item.post_id) if one.organisation_id == number)

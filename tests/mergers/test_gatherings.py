"""Two organisations that come to one gathering become one."""

from forum.gatherings.actions import come
from tests.cast import Cast
from tests.gatherings.test_organisations import seats
from tests.kinds.making import a_topic, fields_of
from tests.mergers.making import merged
from tests.organisations.files import the_valley
from tests.reuses.making import BEZAC, SAINT_LOUP, organisation, verified


async def test_nobody_loses_a_place_when_their_organisation_goes_into_another(cast: Cast) -> None:
    await the_valley()
    bob, eve = await cast.bob(), await cast.eve()
    await verified(bob, BEZAC)
    await verified(eve, SAINT_LOUP)
    topic = await a_topic(cast, "gathering", organisation_places="1")
    for person in (bob, eve):
        await come(person, topic, await fields_of(topic))
    await merged(cast, BEZAC, SAINT_LOUP)
    kept = await organisation(SAINT_LOUP)
    assert await seats(topic) == [(bob.member_id, kept, False), (eve.member_id, kept, False)]

"""Places by organisation: one comes for one of one's own, and the waiting list keeps both limits."""

import asyncio

import pytest

from forum.accounts.viewer import Viewer
from forum.errors import Invalid
from forum.gatherings.actions import come, stay_away
from forum.kinds.actions import revise_details
from forum.notifications.queries import alerts_of
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.gatherings.test_gatherings import a_crowd, names
from tests.kinds.details import GATHERING
from tests.kinds.making import a_topic, fields_of
from tests.organisations.files import the_valley
from tests.people import at, signed_in
from tests.reuses.making import BEZAC, ORMOY, SAINT_LOUP, organisation, verified

TOWNS = (SAINT_LOUP, BEZAC, ORMOY)


async def seats(topic: TopicCard) -> list[tuple[int, int | None, bool]]:
    rows = await sql(
        "SELECT user_id, organisation_id, waiting FROM seats WHERE topic_id = {0} ORDER BY id", topic.id
    )
    return [(row["user_id"], row["organisation_id"], bool(row["waiting"])) for row in rows]


def served(arrivals: list[tuple[int, int | None, bool]], places: int, each: int) -> set[int]:
    """Who has a place when those who came are served in their order, counted by hand."""
    chosen: list[tuple[int, int | None]] = []
    for user, town, _waiting in arrivals:
        same = sum(1 for _other, theirs in chosen if theirs == town)
        if len(chosen) < places and (town is None or same < each):
            chosen.append((user, town))
    return {user for user, _town in chosen}


async def test_fifty_at_once_of_three_towns_keep_both_limits_in_order(cast: Cast) -> None:
    await the_valley()
    topic, crowd = await a_topic(cast, "gathering", places="7", organisation_places="3"), await a_crowd(50)
    for n, person in enumerate(crowd):
        if n % 10 < 9:
            await verified(person, TOWNS[0 if n % 10 < 6 else n % 3])
    details = await fields_of(topic)
    got = await asyncio.gather(*(come(person, topic, details) for person in crowd))
    arrivals = await seats(topic)
    assert sum(got) == 7
    assert {user for user, _town, waiting in arrivals if not waiting} == served(arrivals, 7, 3)
    by_id = {person.member_id: person for person in crowd}
    leaving = [user for user, _town, waiting in arrivals if not waiting][:4]
    await asyncio.gather(*(stay_away(by_id[user], topic, details) for user in leaving))
    after = await seats(topic)
    coming = [(user, town) for user, town, waiting in after if not waiting]
    assert len(coming) == 7
    for town in {town for _user, town in coming if town}:
        assert sum(1 for _user, theirs in coming if theirs == town) <= 3
    full = [town for town in {town for _u, town, _w in after} if town and towns(coming, town) < 3]
    assert not [user for user, town, waiting in after if waiting and town in full and len(coming) < 7]


def towns(coming: list[tuple[int, int | None]], town: int) -> int:
    return sum(1 for _user, theirs in coming if theirs == town)


async def test_whoever_waits_for_their_own_organisation_holds_up_no_other(cast: Cast) -> None:
    await the_valley()
    alice, bob, eve, mod = await cast.alice(), await cast.bob(), await cast.eve(), await cast.mod()
    for viewer, town in ((alice, BEZAC), (bob, BEZAC), (eve, ORMOY), (mod, BEZAC)):
        await verified(viewer, town)
    topic = await a_topic(cast, "gathering", places="3", organisation_places="1")
    details = await fields_of(topic)
    assert [await come(viewer, topic, details) for viewer in (alice, bob, eve, mod)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert await names(topic, "coming") == ["alice", "eve"]
    await stay_away(alice, topic, details)
    assert (await names(topic, "coming"), await names(topic, "waiting")) == (["bob", "eve"], ["mod"])
    assert [alert.type for alert in await alerts_of(bob)] == ["seat_freed"]
    assert await alerts_of(mod) == []
    await revise_details(alice, topic, {**GATHERING, "places": "3", "organisation_places": "2"}, 1)
    assert await names(topic, "coming") == ["bob", "eve", "mod"]


async def test_one_comes_for_one_of_ones_own_organisations_only(cast: Cast) -> None:
    await the_valley()
    bob = await cast.bob()
    first, second = await verified(bob, BEZAC), await verified(bob, ORMOY)
    topic = await a_topic(cast, "gathering", organisation_places="1")
    details = await fields_of(topic)
    with pytest.raises(Invalid):
        await come(bob, topic, details, await organisation(SAINT_LOUP))
    await come(bob, topic, details, second)
    assert await seats(topic) == [(bob.member_id, second, False)]
    await stay_away(bob, topic, details)
    await come(bob, topic, details)
    assert await seats(topic) == [(bob.member_id, first, False)]


async def a_gathering_of_two(cast: Cast) -> tuple[TopicCard, Viewer]:
    await the_valley()
    bob, eve = await cast.bob(), await cast.eve()
    await verified(bob, BEZAC)
    await verified(eve, BEZAC)
    topic = await a_topic(cast, "gathering", organisation_places="1")
    await come(eve, topic, await fields_of(topic))
    return topic, bob


async def test_the_page_tells_who_takes_part_and_why_one_waits(site: str, cast: Cast) -> None:
    topic, _bob = await a_gathering_of_two(cast)
    page = f"/t/{topic.slug}/{topic.id}"
    shown = (await at(site).get(page)).text
    name, people = '<a href="/o/bezac-le-vieux"><bdi>Bézac-le-Vieux</bdi></a>', '<span class="meta">1 person'
    assert f"<span>{name}</span>{people}</span>" in shown
    details = (await at(site).get(f"/t/{topic.id}.json")).json()["details"]
    assert [(party["name"], party["people"]) for party in details["organisations"]] == [("Bézac-le-Vieux", 1)]
    assert (details["coming_count"], details["waiting_count"]) == (1, 0)
    browser = await signed_in(site, "bob")
    assert "Your organisation has all the places that one may have." in (await browser.get(page)).text
    await browser.post(f"/t/{topic.id}/seat", value="1")
    assert "You are number 1 on the waiting list." in (await browser.get(page)).text


async def test_with_two_organisations_one_chooses_on_the_page(site: str, cast: Cast) -> None:
    topic, bob = await a_gathering_of_two(cast)
    other = await verified(bob, ORMOY)
    browser = await signed_in(site, "bob")
    shown = (await browser.get(f"/t/{topic.slug}/{topic.id}")).text
    assert "For which organisation?" in shown
    assert "Take a place" in shown
    refused = await browser.post(f"/t/{topic.id}/seat", value="1", organisation_id="999999")
    assert refused.status_code == 422
    await browser.post(f"/t/{topic.id}/seat", value="1", organisation_id=str(other))
    assert await names(topic, "coming") == ["eve", "bob"]

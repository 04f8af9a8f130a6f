"""The organisation that a sheet names leads to its page; each post keeps for whom its author spoke."""

from typing import Any

from forum.organisations.actions import change_function
from forum.organisations.load import load_organisations
from forum.organisations.members import memberships_of
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.factories import a_reply
from tests.kinds.making import a_topic
from tests.organisations.files import the_valley
from tests.people import at
from tests.reuses.making import SAINT_LOUP, first_post, verified


async def page_of(site: str, topic: TopicCard) -> str:
    return (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text


async def json_of(site: str, path: str) -> dict[str, Any]:
    answer = await at(site).get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sheet_leads_to_the_only_organisation_of_that_name(site: str, cast: Cast) -> None:
    await the_valley()
    sheet = await a_topic(cast, "sheet", organisation="saint loup sur vouvre")
    unknown = await a_topic(cast, "document", organisation="Nowhere-on-Sea")
    assert '<a href="/o/saint-loup-sur-vouvre"><bdi>saint loup sur vouvre</bdi></a>' in await page_of(
        site, sheet
    )
    assert "Nowhere-on-Sea" in await page_of(site, unknown)
    assert 'href="/o/nowhere' not in await page_of(site, unknown)
    details = (await json_of(site, f"/t/{sheet.id}.json"))["details"]
    assert details["links"] == {"organisation": "/o/saint-loup-sur-vouvre"}


async def test_of_two_of_one_name_it_is_the_one_for_which_it_was_written_or_none(
    site: str, cast: Cast
) -> None:
    await the_valley()
    await load_organisations(b"kind,name,code\ncommune,Saint-Loup-sur-Vouvre,other\n")
    named = {"organisation": "Saint-Loup-sur-Vouvre"}
    doubtful = await a_topic(cast, "sheet", **named)
    assert 'href="/o/saint-loup' not in await page_of(site, doubtful)
    await verified(await cast.alice(), SAINT_LOUP)
    sure = await a_topic(cast, "sheet", **named)
    assert (await json_of(site, f"/t/{sure.id}.json"))["details"]["links"] == {
        "organisation": "/o/saint-loup-sur-vouvre"
    }


async def test_programs_read_for_whom_an_author_spoke_that_day(site: str, cast: Cast) -> None:
    await the_valley()
    alice = await cast.alice()
    await verified(alice, SAINT_LOUP)
    topic = await a_topic(cast, "sheet")
    (membership,) = await memberships_of(alice)
    await change_function(alice, membership, "mayor")
    reply = await a_reply(cast, topic)
    first = await json_of(site, f"/posts/{await first_post(topic)}.json")
    spoke = {
        "name": "Saint-Loup-sur-Vouvre", "slug": SAINT_LOUP, "function": "clerk", "verified": True,
    }  # fmt: skip
    assert first["author_organisation"] == spoke
    stream = (await json_of(site, f"/t/{topic.id}.json"))["post_stream"]["posts"]
    assert [post["author_organisation"] for post in stream] == [spoke, None]
    assert reply

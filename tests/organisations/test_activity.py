"""What was opened for an organisation, on its page: of what the reader may see, in counts too."""

from forum.posts.actions import reply_to_topic
from forum.topics.actions import delete_topic, open_topic
from forum.topics.queries import topic_visible_to
from tests.cast import Cast
from tests.kinds.making import a_topic
from tests.organisations.files import the_valley
from tests.people import at, signed_in
from tests.reuses.making import SAINT_LOUP, verified

PAGE = "/o/saint-loup-sur-vouvre"


async def test_each_kind_stands_apart_with_its_number_and_a_way_to_all(site: str, cast: Cast) -> None:
    await the_valley()
    alice = await cast.alice()
    await verified(alice, SAINT_LOUP)
    sheets = [await a_topic(cast, "sheet") for _n in range(7)]
    offer = await a_topic(cast, "job", alice)
    other = await a_topic(cast, "document", await cast.bob())
    question = await open_topic(
        alice, cast.theme.id, "question", "Who has a model of this decree?", "Anybody."
    )
    shown = (await at(site).get(PAGE)).text
    assert shown.count('data-kind="sheet"') == 5
    for title in (sheets[-1].title, offer.title, "Who has a model of this decree?"):
        assert title in shown
    assert sheets[0].title not in shown
    assert other.title not in shown
    assert "See all: 7" in shown
    everything = (await at(site).get(f"{PAGE}/topics?kind=sheet")).text
    assert all(sheet.title in everything for sheet in sheets)
    assert offer.title not in everything
    talk = (await at(site).get(f"{PAGE}/topics")).text
    assert "Who has a model of this decree?" in talk
    assert sheets[0].title not in talk
    assert question


async def test_what_one_may_not_see_is_in_no_list_and_no_count(site: str, cast: Cast) -> None:
    await the_valley()
    alice = await cast.alice()
    await verified(alice, SAINT_LOUP)
    hidden = await a_topic(cast, "sheet", private=True)
    gone = await a_topic(cast, "sheet")
    mod = await cast.mod()
    await delete_topic(mod, await topic_visible_to(mod, gone.id))
    for person in (at(site), await signed_in(site, "eve")):
        page = (await person.get(PAGE)).text
        assert hidden.title not in page
        assert gone.title not in page
        assert 'id="opened-sheet"' not in page
        assert (await person.get(f"{PAGE}.json")).json()["organisation"]["topics"] == {}
        assert hidden.title not in (await person.get(f"{PAGE}/topics?kind=sheet")).text
    insider = await signed_in(site, "alice")
    assert (await insider.get(f"{PAGE}.json")).json()["organisation"]["topics"] == {"sheet": 1}
    assert hidden.title in (await insider.get(PAGE)).text


async def test_a_reply_for_an_organisation_is_no_topic_of_it(site: str, cast: Cast) -> None:
    await the_valley()
    await verified(await cast.bob(), SAINT_LOUP)
    topic = await a_topic(cast, "sheet")
    await reply_to_topic(await cast.bob(), topic, "We did the same here.")
    assert topic.title not in (await at(site).get(PAGE)).text


async def test_a_kind_that_there_is_not_is_not_found(site: str, cast: Cast) -> None:
    await the_valley()
    for path in (f"{PAGE}/topics?kind=rumour", "/o/nowhere/topics", f"{PAGE}/topics?kind=sheet&before=x"):
        assert (await at(site).get(path)).status_code in (404, 422), path

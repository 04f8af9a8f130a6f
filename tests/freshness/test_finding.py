"""What is doubtful comes after what answers as well; it is found all the same."""

from datetime import timedelta

from forum.answers.actions import accept_answer
from forum.clock import now, set_clock
from forum.freshness.actions import confirm, supersede
from forum.freshness.jobs import mark_due
from forum.freshness.queries import dated_posts
from forum.i18n import speaking
from forum.search.asked import Asked
from forum.search.indexing import index_all_pending
from forum.search.queries import search
from forum.suggestions.queries import Draft, similar
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.freshness.dating import YEAR_AND_MORE, dated_of
from tests.kinds.making import a_topic
from tests.people import signed_in

WORDS = "Passer la cantine en régie directe"


async def solved(cast: Cast, title: str) -> tuple[TopicCard, int]:
    topic, alice = await a_question(cast, title=title), await cast.alice()
    reply = await a_reply(cast, topic, raw="Nous l’avons fait.")
    await accept_answer(alice, await seen(alice, reply))
    return topic, reply.id


async def found(cast: Cast) -> tuple[list[int], list[tuple[int, str]]]:
    """What the search and the suggestions give, best first."""
    await index_all_pending()
    eve = await cast.eve()
    hits = await search(eve, Asked(text=WORDS, words=WORDS))
    with speaking("en"):
        suggested = await similar(eve, Draft(WORDS, "", None))
    return [hit.topic.id for hit in hits.topics], [(one.id, one.why) for one in suggested]


async def test_to_check_and_replaced_come_lower_in_search_and_suggestions_and_say_so(cast: Cast) -> None:
    today = now()
    set_clock(lambda: today - YEAR_AND_MORE)
    old, _reply = await solved(cast, WORDS)
    set_clock(None)
    replaced, reply = await solved(cast, WORDS)
    fresh, _other = await solved(cast, "Une cantine en régie directe : y passer ?")
    await mark_due()
    (dated,) = await dated_posts([reply])
    await supersede(await cast.bob(), dated, fresh)
    searched, suggested = await found(cast)
    assert searched == [fresh.id, old.id, replaced.id]
    assert [id for id, _why in suggested] == [fresh.id, old.id, replaced.id]
    whys = [why for _id, why in suggested]
    assert "to check" not in whys[0]
    assert "to check" in whys[1]
    assert "replaced by a newer topic" in whys[2]


async def test_what_was_confirmed_is_suggested_first_and_says_so_until_its_date(cast: Cast) -> None:
    today, alice = now(), await cast.alice()
    confirmed, plain = [await a_topic(cast, "sheet", title=WORDS) for _n in range(2)]
    assert [id for id, _why in (await found(cast))[1]] == [plain.id, confirmed.id]
    set_clock(lambda: today + timedelta(days=1))
    assert await confirm(alice, await dated_of(confirmed))
    (first, why), (second, other) = (await found(cast))[1]
    assert (first, second) == (confirmed.id, plain.id)
    assert ("confirmed as still true" in why, "confirmed" in other) == (True, False)
    set_clock(lambda: today + 2 * YEAR_AND_MORE)
    await mark_due()
    assert not any("confirmed" in why for _id, why in (await found(cast))[1])


async def test_what_alone_answers_is_found_however_doubtful(cast: Cast) -> None:
    topic, reply = await solved(cast, WORDS)
    (dated,) = await dated_posts([reply])
    await supersede(await cast.bob(), dated, await a_question(cast, title="Tout autre chose"))
    searched, suggested = await found(cast)
    assert searched[0] == suggested[0][0] == topic.id


async def test_the_page_of_results_says_so(site: str, cast: Cast) -> None:
    sheet, newer = await a_topic(cast, "sheet"), await a_topic(cast, "sheet")
    await supersede(await cast.alice(), await dated_of(sheet), newer)
    await index_all_pending()
    page = (await (await signed_in(site, "bob")).get("/search?q=case")).text
    assert page.count('class="doubt"') == 1

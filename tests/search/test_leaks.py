"""What is written out of somebody's sight changes nothing of what they are told: not a byte, no order."""

from collections.abc import Iterator, Mapping

import orjson
import pytest

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer
from forum.clock import now, set_clock
from forum.posts.actions import delete_post
from forum.search.asked import read_question
from forum.search.concepts import understand
from forum.search.indexing import index_all_pending
from forum.search.queries import search, total_documents
from forum.search.shapes import found
from forum.search.synonyms import current_thesaurus
from forum.suggestions.calls import tell_similar
from forum.topics.actions import delete_topic, move_topic
from realtime.policies import Identity
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import at, signed_in

# Some hit, some miss by a letter, some are the very words that are written in private.
QUESTIONS = (
    "canari", "canaris", "canarie", "cantine", "cantinne scolaire", "zinzolin", "zinzolim", "chauffage bois",
    "le canari chauffe la cantine", "perroquet", "perroquer", "restauration", "secretissime budget",
)  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Time stands still: recent topics gain a little, less with each moment."""
    moment = now()
    set_clock(lambda: moment)
    yield
    set_clock(None)


async def public_topics(cast: Cast) -> None:
    for title, raw in (
        ("Passer la cantine en régie", "Quarante-cinq repas, du chauffage au bois."),
        ("Le chauffage au bois de l’école", "La cantine est à côté. Le canal est gelé."),
        ("Canards sur l’étang communal", "Des canaris aussi, et un budget."),
        ("Un budget pour la restauration scolaire", "Le bois de la cantine, zinzoline."),
    ):
        await a_reply(cast, await a_question(cast, title=title, raw=raw), raw=f"Voyez aussi : {raw}")


async def private_topics(cast: Cast) -> None:
    for n in range(12):
        topic = await a_question(
            cast, title=f"Le canari secretissime {n}", raw="Zinzolin, perroquet, cantine, bois.", private=True
        )
        reply = await a_reply(cast, topic, raw="Le canari perroquet chauffe au zinzolin.")
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))


async def told(cast: Cast, who: str) -> bytes:
    """All that the search and the suggestions answer to somebody, as bytes."""
    await index_all_pending()
    viewer: Viewer = await cast.visitor() if who == "visitor" else await cast.viewer(who)
    answers: dict[str, object] = {}
    for typed in QUESTIONS:
        results = await search(viewer, read_question(typed))
        shape: Mapping[str, object] = found(viewer, results)
        wanted = await understand(viewer, typed, await current_thesaurus())
        identity = Identity(str(viewer.id or ""), variant=("fr", True))
        similar = await tell_similar(identity, {"title": typed, "raw": f"Nous cherchons {typed}.", "seq": 1})
        answers[typed] = {
            "shape": shape,
            "scores": [(hit.topic.id, hit.post_id, hit.score) for hit in results.topics],
            "terms": sorted(results.terms),
            "meant": [sorted(map(str, concept.ways)) for concept in wanted.concepts],
            "counts": sorted(wanted.documents.items()),
            "similar": similar,
        }
    answers["total"] = await total_documents(viewer)
    return orjson.dumps(answers, default=str)


async def test_discourse_pr_41673_private_words_change_nothing_that_an_outsider_is_told(cast: Cast) -> None:
    """And pull request 41601 (the order), CVE-2021-41082 (the titles)."""
    await public_topics(cast)
    before = {who: await told(cast, who) for who in ("visitor", "eve", "bob")}
    await private_topics(cast)
    for who in ("visitor", "eve"):
        assert await told(cast, who) == before[who], who
    assert await told(cast, "bob") != before["bob"]


async def test_the_pages_of_an_outsider_are_the_same_to_the_byte(site: str, cast: Cast) -> None:
    await public_topics(cast)
    await index_all_pending()
    visitor, eve = at(site), await signed_in(site, "eve")

    async def pages() -> list[str]:
        asked = [f"/search.json?q={typed}" for typed in QUESTIONS]
        return [(await person.get(path)).text for person in (visitor, eve) for path in asked]

    before = await pages()
    await private_topics(cast)
    await index_all_pending()
    assert await pages() == before


async def test_a_topic_that_moves_out_of_sight_takes_its_words_and_its_replies_along(cast: Cast) -> None:
    await public_topics(cast)
    before = await told(cast, "eve")
    topic = await a_question(cast, title="Le canari zinzolin", raw="Un perroquet.")
    await a_reply(cast, topic, raw="Le perroquet secretissime.")
    assert await told(cast, "eve") != before
    ada = await cast.ada()
    await move_topic(ada, await again(ada, topic), cast.private.id)
    assert await told(cast, "eve") == before
    await move_topic(ada, await again(ada, topic), cast.theme.id)
    assert await told(cast, "eve") != before
    await delete_topic(ada, await again(ada, topic))
    assert await told(cast, "eve") == before
    held = await sql("SELECT 1 FROM search_vocabulary WHERE word = 'secretissime'")
    assert not held


async def test_a_deleted_reply_leaves_no_word_behind(cast: Cast) -> None:
    await public_topics(cast)
    before = await told(cast, "eve")
    topic = await a_question(cast, title="Un autre sujet", raw="Rien de plus.")
    between = await told(cast, "eve")
    reply = await a_reply(cast, topic, raw="Le perroquet zinzolin.")
    mod = await cast.mod()
    await delete_post(mod, await seen(mod, reply))
    assert await told(cast, "eve") == between != before


async def test_members_are_put_right_by_the_words_of_what_they_see(cast: Cast) -> None:
    await a_question(cast, title="Le zinzolin des archives", private=True)
    await index_all_pending()
    for who, hits in (("bob", 1), ("eve", 0)):
        assert len((await search(await cast.viewer(who), read_question("zinzolim"))).topics) == hits, who

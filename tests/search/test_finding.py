"""Finding what one may see, in one's own words, and nothing else."""

import pytest
from httpx2 import AsyncClient

from forum.jobs import run_due
from forum.posts.actions import delete_post, revise_post
from forum.search.asked import read_question
from forum.search.indexing import index_all_pending, rebuild
from forum.search.queries import Results, search
from forum.settings.actions import change_setting
from forum.topics.actions import delete_topic, move_topic
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import signed_in
from tests.reviewables.cases import decided
from tests.waiting import until


async def found(cast: Cast, name: str, question: str) -> Results:
    await index_all_pending()
    viewer = await cast.visitor() if name == "visitor" else await cast.viewer(name)
    return await search(viewer, read_question(question))


async def titles(cast: Cast, name: str, question: str) -> list[str]:
    return [hit.topic.title for hit in (await found(cast, name, question)).topics]


async def test_other_words_accents_and_slips_of_the_pen_find_the_topic(cast: Cast) -> None:
    topic = await a_question(
        cast, title="Passer la cantine en régie directe", raw="Quarante-cinq repas par jour."
    )
    await a_question(cast, title="Reboucher les trous de la chaussée", raw="L'enrobé ne tient pas en hiver.")
    for typed in ("restauration scolaire", "regie", "la cantinne", "L’ÉCOLE : réfectoire", "repas"):
        assert (await titles(cast, "visitor", typed))[0] == topic.title, typed


async def test_what_is_said_of_any_subject_tells_less_than_the_subject(cast: Cast) -> None:
    await a_question(cast, title="Passer 214 points lumineux en LED sans reprendre les armoires")
    for title in ("La cantine en régie", "Les tarifs de la cantine", "Une cuisinière pour la cantine"):
        await a_question(cast, title=title)
    order = await titles(cast, "visitor", "reprendre la cantine")
    assert "cantine" in order[0], order


async def test_what_holds_more_of_the_question_comes_before_what_repeats_a_part_of_it(cast: Cast) -> None:
    whole = await a_question(
        cast,
        title="Nos réponses aux voisins",
        raw="Piscine, toboggan, fourrière et puis cimetière sont à revoir.",
    )
    await a_question(
        cast, title="Réponses aux autres voisins", raw="La fourrière et son cimetière sont pleins."
    )
    await a_question(cast, title="Piscine et toboggan", raw="Personne ne le demande plus guère.")
    assert (await titles(cast, "visitor", "fourrière piscine cimetière toboggan"))[0] == whole.title


async def test_a_private_topic_is_found_by_its_members_only(cast: Cast) -> None:
    await a_question(cast, title="Le budget secretissime", raw="Le canari chante.", private=True)
    for typed in ("canari", "secretissime", "@alice", "secretisime", "#clerks-only", "order:latest @alice"):
        for name in ("visitor", "eve"):
            assert (await found(cast, name, typed)).topics == (), (name, typed)
        assert len((await found(cast, "bob", typed)).topics) == 1, typed
    assert not (await found(cast, "eve", "clerks")).categories
    assert (await found(cast, "bob", "clerks")).categories


async def test_what_is_deleted_is_not_found_even_before_the_index_knows(cast: Cast) -> None:
    topic = await a_question(cast, title="Canari en cage")
    reply = await a_reply(cast, topic, raw="Un perroquet répond.")
    assert len((await found(cast, "eve", "perroquet")).topics) == 1
    await delete_post(await cast.bob(), await seen(await cast.bob(), reply))
    assert not (await search(await cast.eve(), read_question("perroquet"))).topics
    assert not (await found(cast, "eve", "perroquet")).topics
    await delete_topic(await cast.mod(), await again(await cast.mod(), topic))
    assert not (await search(await cast.eve(), read_question("canari"))).topics
    await index_all_pending()
    assert not await sql("SELECT 1 FROM search_vocabulary WHERE word IN ('canari', 'perroquet')")


async def test_what_moves_out_of_sight_is_not_found(cast: Cast) -> None:
    topic = await a_question(cast, title="Le canari voyageur s’envole")
    assert await titles(cast, "eve", "canari")
    await move_topic(await cast.ada(), await again(await cast.ada(), topic), cast.private.id)
    assert not (await search(await cast.eve(), read_question("canari"))).topics


async def test_an_edited_post_is_found_by_its_new_words(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="Un perroquet répond.")
    await index_all_pending()
    bob = await cast.bob()
    await revise_post(bob, await seen(bob, reply), "Une tourterelle répond.", reason="", version=1)
    assert await titles(cast, "eve", "tourterelle")
    assert not await titles(cast, "eve", "perroquet")


async def test_words_of_a_hidden_post_are_not_found_in_those_that_quote_it(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="The parrot is called Zozime.")
    quote = (
        f'[quote="bob, post:{reply.number}"]\nThe parrot is called Zozime.\n[/quote]\n\nIndeed, a cockatoo.'
    )
    await a_reply(cast, topic, author=await cast.alice(), raw=quote)
    assert "Zozime" in (await found(cast, "eve", "cockatoo")).topics[0].extract
    await decided(cast, reply, "hide")
    await run_due("cook_quotes_again")
    assert not (await found(cast, "eve", "Zozime")).topics
    (hit,) = (await found(cast, "eve", "cockatoo")).topics
    assert "Zozime" not in hit.extract


async def test_what_is_shown_of_a_text_is_how_it_reads_and_not_how_it_is_written(cast: Cast) -> None:
    raw = "## Avant\n\n- Compter **118 g** de [restes](https://example.org/perruche)\n- puis le dire"
    await a_question(cast, title="Gaspillage à la cantine", raw=raw)
    (hit,) = (await found(cast, "eve", "gaspillage")).topics
    assert hit.extract.striptags() == "Avant Compter 118 g de restes puis le dire"
    assert not await titles(cast, "eve", "perruche")


async def test_filters_narrow_what_is_found(cast: Cast) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    first = await a_question(cast, alice, title="Chauffage au bois de l’école", tags=["énergie"])
    second = await a_question(cast, bob, title="Chauffage solaire de la mairie")
    await a_reply(cast, second, alice, raw="Le chauffage a coûté cher.")
    everything = {first.title, second.title}
    assert set(await titles(cast, "eve", "chauffage")) == everything
    assert await titles(cast, "eve", "chauffage tags:energie") == [first.title]
    assert await titles(cast, "eve", "chauffage @bob") == [second.title]
    assert set(await titles(cast, "eve", "chauffage @alice")) == everything
    assert await titles(cast, "eve", "coûté in:title") == []
    assert await titles(cast, "eve", "chauffage status:solved") == []
    assert set(await titles(cast, "eve", "chauffage #school-meals")) == everything
    assert await titles(cast, "eve", "chauffage before:2001-01-01") == []
    assert set(await titles(cast, "eve", "chauffage after:2001-01-01")) == everything
    assert await titles(cast, "eve", "chauffage order:latest") == [second.title, first.title]
    assert await titles(cast, "eve", "status:noreplies order:latest") == [first.title]


async def test_people_are_found_by_their_public_words(cast: Cast) -> None:
    assert [person.username for person in (await found(cast, "visitor", "alice")).people] == ["alice"]


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", "a\x00b", "AND OR NOT", "NEAR(", "*", "title:*", "a" * 5000, "💥 ﷽",
        "');DROP TABLE posts;--",
        "& | !", "\\", "%_%", "{0}", "<script>", "in:nowhere before:never", "#", "@", "tags:,,",
        "١٢٣ мэрия 市役所", "mot " * 10_000, "after:9999-12-31", "before:9999-12-31", "tags:" + "a,b'," * 90,
        '"x" OR title_terms:a*', "user:\" OR 1=1", "^a + b", "{a b}: c", "tags:{1} user:{0}", "👩🏽‍⚕️" * 50,
        "a" * 400 + "é" * 400, "l'" * 200, "...." * 100, "\u0301" * 300, "before:0001-01-01",
    ],
)  # fmt: skip
async def test_strange_questions_are_harmless(cast: Cast, typed: str) -> None:
    await a_question(cast, raw="Мэрия answers <script>.")
    await found(cast, "eve", typed)


async def test_the_index_built_anew_is_the_same(cast: Cast) -> None:
    topic = await a_question(cast, tags=["énergie"])
    await a_reply(cast, topic)
    await index_all_pending()
    query = (
        "SELECT kind, item_id, title_terms, body_terms, words FROM search_documents ORDER BY kind, item_id"
    )
    words = "SELECT scope, word, documents FROM search_vocabulary ORDER BY scope, word"
    before = await sql(query), await sql(words)
    await rebuild()
    assert (await sql(query), await sql(words)) == before


async def test_the_page_shows_what_was_found_marked_and_escaped(
    site: str, cast: Cast, client: AsyncClient
) -> None:
    await a_question(cast, title="Cantine <b>bio</b> pour tous", raw="Du <i>bio</i> à la cantine.")

    async def there() -> bool:
        return not await sql("SELECT 1 FROM search_pending")

    await until(there)
    page = await client.get("/search", params={"q": "cantine"})
    assert page.status_code == 200
    assert "<mark>Cantine</mark> &lt;b&gt;" in page.text
    answer = (await client.get("/search.json", params={"q": "cantine"})).json()
    assert answer["posts"][0]["topic_id"] == answer["topics"][0]["id"]
    assert answer["grouped_search_result"]["post_ids"] == [answer["posts"][0]["id"]]
    empty = await client.get("/search", params={"q": "xylophone"})
    assert empty.status_code == 200
    assert "Nothing was found" in empty.text or "Rien" in empty.text


async def test_the_header_of_every_page_searches(site: str, cast: Cast) -> None:
    eve = await signed_in(site, "eve")
    for path in ("/", "/categories", "/notifications"):
        assert 'action="/search"' in (await eve.get(path)).text


async def test_administrators_add_words_that_count_from_the_next_question_on(cast: Cast) -> None:
    topic = await a_question(cast, title="Le zinzolin des archives municipales")
    assert not await titles(cast, "eve", "guilledou")
    await change_setting(await cast.ada(), "search_synonyms", "zinzolin, guilledou")
    assert await titles(cast, "eve", "guilledou") == [topic.title]

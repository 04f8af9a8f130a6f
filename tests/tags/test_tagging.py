"""Alice tags her question; each sees the tags of what they may see."""

import pytest
from httpx2 import AsyncClient

from forum.errors import Forbidden, Invalid, NotFound
from forum.posts.actions import reply_to_topic
from forum.tags.queries import TagCard, tag_visible_to, tags_visible_to
from forum.topics.actions import delete_topic, open_topic, recover_topic, revise_topic
from forum.topics.lists import topics_visible_to
from realtime.sql import sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, again
from tests.people import at, signed_in


async def carried(cast: Cast, who: str) -> list[tuple[str, int]]:
    """The tags that exist for someone, with their counts."""
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    return [(tag.name, tag.count) for tag in await tags_visible_to(viewer, 50)]


async def test_a_question_is_found_under_its_tags(cast: Cast) -> None:
    topic, other = await a_question(cast, tags=["cantine", "Régie directe"]), await a_question(cast)
    assert topic.tags == ("cantine", "Régie directe")
    bob = await cast.bob()
    for spelling in ("régie-directe", "REGIE directe", "regie-directe"):
        tag = await tag_visible_to(bob, spelling)
        assert tag == TagCard("regie-directe", "Régie directe", 1)
        assert tag.slug == "régie-directe"
    found = await topics_visible_to(bob, tag="regie-directe")
    assert [one.id for one in found.topics] == [topic.id]
    assert other.tags == ()


async def test_a_tag_is_written_as_it_already_is(cast: Cast) -> None:
    await a_question(cast, tags=["Marchés publics"])
    topic = await a_question(cast, await cast.bob(), tags=["marches-publics", "Cantine"])
    assert topic.tags == ("Marchés publics", "Cantine")
    assert await carried(cast, "visitor") == [("Marchés publics", 2), ("Cantine", 1)]


async def test_a_tag_used_only_where_eve_may_not_look_does_not_exist_for_her(cast: Cast) -> None:
    await a_question(cast, private=True, tags=["Projet X", "cantine"])
    await a_question(cast, tags=["cantine"])
    assert await carried(cast, "bob") == [("cantine", 2), ("Projet X", 1)]
    for outsider in ("eve", "mod", "visitor"):
        assert await carried(cast, outsider) == [("cantine", 1)]
    with pytest.raises(NotFound):
        await tag_visible_to(await cast.eve(), "projet-x")
    hers = await a_question(cast, await cast.eve(), tags=["projet x"])
    assert hers.tags == ("projet x",), "not even its spelling is told"


async def test_the_tags_of_a_deleted_topic_go_and_come_back_with_it(cast: Cast) -> None:
    topic, mod = await a_question(cast, tags=["cantine"]), await cast.mod()
    await delete_topic(mod, topic)
    assert await carried(cast, "mod") == await carried(cast, "alice") == []
    await recover_topic(mod, await again(mod, topic))
    assert await carried(cast, "alice") == [("cantine", 1)]


async def test_alice_changes_her_tags_and_the_topics_version_moves(cast: Cast) -> None:
    topic, alice = await a_question(cast, tags=["cantine", "bio"]), await cast.alice()
    await revise_topic(alice, topic, topic.title, ["bio", "école"])
    changed = await again(alice, topic)
    assert (changed.tags, changed.version) == (("bio", "école"), topic.version + 1)
    assert dict(await carried(cast, "visitor")) == {"bio": 1, "école": 1}
    await revise_topic(alice, changed, "Another title altogether")
    assert (await again(alice, topic)).tags == ("bio", "école")
    await revise_topic(alice, changed, changed.title, [])
    assert await carried(cast, "visitor") == []
    assert await sql("SELECT 1 FROM topic_tags") == []


async def test_eve_cannot_tag_what_alice_asked(cast: Cast) -> None:
    topic, eve = await a_question(cast, tags=["cantine"]), await cast.eve()
    with pytest.raises(Forbidden):
        await revise_topic(eve, topic, topic.title, ["hers"])
    assert (await again(eve, topic)).tags == ("cantine",)


async def test_more_tags_than_five_may_stay_where_an_import_brought_them(cast: Cast) -> None:
    topic, alice = await a_question(cast, tags=["a"]), await cast.alice()
    await sql("UPDATE topics SET tag_names = {1} WHERE id = {0}", topic.id, "\n".join("abcdefg"))
    imported = await again(alice, topic)
    await revise_topic(alice, imported, "The same seven tags", imported.tags)
    assert (await again(alice, topic)).tags == tuple("abcdefg")
    with pytest.raises(Invalid):
        await revise_topic(alice, imported, "And one more tag", [*"abcdefgh"])


async def test_faults_in_title_text_and_tags_are_told_together(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        await open_topic(await cast.alice(), cast.theme.id, "question", "Meals", "", tags=["…"])
    assert set(refusal.value.fields) == {"title", "raw", "tags"}


async def test_a_form_without_scripts_tags_a_topic_and_changes_its_tags(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    question = {"title": "Who cooks for sixty children?", "kind": "question", "raw": "We look for advice."}
    asked = await alice.post(
        "/topics", **question, category_id=str(cast.theme.id), tags="Central kitchen, <b>bio</b>"
    )
    path = asked.headers["location"]
    page = (await at(site).get(path)).text
    assert 'href="/tag/central-kitchen"' in page
    assert "<bdi>&lt;b&gt;bio&lt;/b&gt;</bdi>" in page
    form = (await alice.get(f"/t/{path.rsplit('/', 1)[1]}/edit")).text
    assert 'value="Central kitchen, &lt;b&gt;bio&lt;/b&gt;"' in form
    number = path.rsplit("/", 1)[1]
    await alice.post(f"/t/{number}/revisions", title=question["title"], tags="école")
    page = (await at(site).get(path)).text
    assert 'href="/tag/%C3%A9cole"' in page
    assert "central-kitchen" not in page
    refused = await alice.post(f"/t/{number}/revisions", title=question["title"], tags="a,b,c,d,e,f")
    assert refused.status_code == 422
    assert 'value="a,b,c,d,e,f"' in refused.text


async def test_the_page_of_a_tag_lists_its_topics_page_by_page(site: str, cast: Cast) -> None:
    topics = [await a_question(cast, tags=["école"]) for _n in range(32)]
    await a_question(cast, title="Nothing to do with schools", tags=["eau"])
    visitor = at(site)
    moved = await visitor.client.get("/tag/Ecole")
    assert (moved.status_code, moved.headers["location"]) == (301, "/tag/%C3%A9cole")
    first = await visitor.get("/tag/Ecole")
    assert "Tag: école" in first.text
    assert "Nothing to do with schools" not in first.text
    assert topics[-1].title in first.text
    assert f'id="topic-{topics[0].id}"' not in first.text
    more = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert f'id="topic-{topics[0].id}"' in (await visitor.get(more)).text
    assert 'href="/tag/%C3%A9cole"' in (await visitor.get("/categories")).text


@pytest.mark.parametrize("name", ["nothing", "%00", "…", "x" * 3000, "-", "a%20b"])
async def test_a_tag_that_is_nowhere_is_not_found(client: AsyncClient, cast: Cast, name: str) -> None:
    for path in (f"/tag/{name}", f"/tag/{name}.json"):
        assert (await client.get(path)).status_code == 404


async def test_programs_read_and_write_tags(site: str, cast: Cast) -> None:
    question = {"title": "Who cooks for sixty children?", "raw": "We look for advice."}
    async with program_of(site, "alice") as alice:
        made = await alice.post("/posts.json", json=question | {"tags": ["Régie directe", "cantine"]})
        number = made.json()["topic_id"]
        topic = (await alice.get(f"/t/{number}.json")).json()
        assert topic["tags"] == ["régie-directe", "cantine"]
        listed = (await alice.get("/tag/regie-directe.json")).json()["topic_list"]
        assert [(one["id"], one["tags"]) for one in listed["topics"]] == [(number, topic["tags"])]
        assert listed["tags"] == [{"id": "régie-directe", "name": "régie-directe", "topic_count": 1}]
        all_tags = (await alice.get("/tags.json")).json()["tags"]
        assert [(tag["id"], tag["text"], tag["count"]) for tag in all_tags] == [
            ("cantine", "cantine", 1),
            ("régie-directe", "régie-directe", 1),
        ]
        assert (await alice.get("/site.json")).json()["top_tags"] == ["cantine", "régie-directe"]
        changed = await alice.put(f"/t/-/{number}.json", data={"tags[]": ["bio", "école"]})
        assert changed.json()["basic_topic"]["tags"] == ["bio", "école"]
        changed = await alice.put(f"/t/-/{number}.json", json={"topic": {"tags": ["bio"]}})
        assert changed.json()["basic_topic"]["tags"] == ["bio"]
        same = await alice.put(f"/t/-/{number}.json", json={"title": "Who cooks for sixty of them?"})
        assert same.json()["basic_topic"]["tags"] == ["bio"]
        for empty in ({"json": {"tags": []}}, {"data": {"tags[]": ""}}):
            await alice.put(f"/t/-/{number}.json", json={"tags": ["bio"]})
            gone = await alice.put(f"/t/-/{number}.json", **empty)
            assert gone.json()["basic_topic"]["tags"] == []
        for wrong in ("bio", [7], {"name": "bio"}, [*"abcdef"]):
            answer = await alice.put(f"/t/-/{number}.json", json={"tags": wrong})
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["tags"])


async def test_a_list_of_a_tag_pages_to_its_end_for_programs(site: str, cast: Cast) -> None:
    made = [(await a_question(cast, tags=["école"])).id for _n in range(31)]
    await a_question(cast)
    await reply_to_topic(await cast.bob(), await a_question(cast, tags=["eau"]), "Another tag's topic.")
    async with program_of(site, "bob") as bob:
        first = (await bob.get("/tag/école.json")).json()["topic_list"]
        assert first["more_topics_url"] == "/tag/%C3%A9cole?page=1"
        rest = (await bob.get("/tag/école.json?page=1")).json()["topic_list"]
    assert [topic["id"] for topic in first["topics"] + rest["topics"]] == made[::-1]

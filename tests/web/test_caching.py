"""Pages kept in memory: never older than what they show, never another's."""

from forum.categories.actions import create_category
from forum.posts.actions import revise_post
from forum.topics.actions import delete_topic, open_topic
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import at, signed_in


async def test_a_visitor_reads_what_was_written_a_moment_ago(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    path, visitor = f"/t/{topic.slug}/{topic.id}", at(site)
    await visitor.get(path)
    reply = await a_reply(cast, topic, raw="Fresh words.")
    assert "Fresh words." in (await visitor.get(path)).text
    bob = await cast.bob()
    await revise_post(bob, await seen(bob, reply), "Other words.", reason="", version=1)
    page = (await visitor.get(path)).text
    assert "Other words." in page
    assert "Fresh words." not in page
    await delete_topic(await cast.mod(), topic)
    assert (await visitor.get(path)).status_code == 404


async def test_an_unchanged_page_is_not_sent_again(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    path, visitor = f"/t/{topic.slug}/{topic.id}", at(site)
    first = await visitor.get(path)
    same = await visitor.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await a_reply(cast, topic)
    changed = await visitor.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_languages_and_members_do_not_share_a_page(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    path, visitor = f"/t/{topic.slug}/{topic.id}", at(site)
    alice = await signed_in(site, "alice")
    english = (await visitor.get(path)).text
    french = (await visitor.client.get(path, headers={"Accept-Language": "fr"})).text
    mine = (await alice.get(path)).text
    assert "Sign in" in english
    assert "Se connecter" in french
    assert "Sign out" in mine
    assert "Sign out" not in (await visitor.get(path)).text


async def test_a_restricted_page_is_never_given_from_memory(site: str, cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    path = f"/t/{topic.slug}/{topic.id}"
    assert (await (await signed_in(site, "alice")).get(path)).status_code == 200
    assert (await at(site).get(path)).status_code == 404


async def test_a_topic_in_a_theme_made_a_moment_ago_shows_at_once(site: str, cast: Cast) -> None:
    visitor = at(site)
    await visitor.get("/")
    theme = await create_category("Brand new theme")
    await open_topic(await cast.alice(), theme.id, "question", "The first of its theme?", "Who knows?")
    page = (await visitor.get("/")).text
    assert "The first of its theme?" in page
    assert "Brand new theme" in page

"""Whatever happens while one writes, the text is there: on the page, in the draft, or published once."""

import re

import pytest

from forum.posts.actions import delete_post
from forum.topics.actions import delete_topic, set_closed
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import Person, signed_in

TEXT = "An hour of <b>typing</b>, kept."
SHOWN = "An hour of &lt;b&gt;typing&lt;/b&gt;, kept."


async def come_back(person: Person, refused: str) -> str:
    """Sign in from the page that says that the session has ended; the page that one is led to."""
    form = refused.split('action="/session">')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields |= {"raw": TEXT} if 'name="raw"' in form else {}
    back = await person.post("/session", login="bob", password=PASSWORD, **fields)
    assert back.status_code == 303
    return await main(person, back.headers["location"])


async def main(person: Person, path: str) -> str:
    """The page's own part: the sentences that scripts say stand outside it."""
    return (await person.get(path)).text.split("</main>")[0]


@pytest.mark.parametrize("private", [False, True], ids=["open", "restricted"])
async def test_a_reply_sent_after_the_session_ended_comes_back_after_sign_in(
    site: str, cast: Cast, private: bool
) -> None:
    topic, bob = await a_question(cast, private=private), await signed_in(site, "bob")
    bob.client.cookies.clear()
    refused = await bob.post(f"/t/{topic.id}/posts", raw=TEXT)
    assert (refused.status_code, SHOWN in refused.text) == (403, True)
    page = await come_back(bob, refused.text)
    assert SHOWN in page
    assert "Your draft was brought back." in page
    assert topic.title in page


async def test_an_edit_sent_after_the_session_ended_comes_back_after_sign_in(site: str, cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast), raw="The text before.")
    bob = await signed_in(site, "bob")
    bob.client.cookies.clear()
    refused = await bob.post(f"/posts/{reply.id}/revisions", raw=TEXT, version="1", reason="because")
    page = await come_back(bob, refused.text)
    assert SHOWN in page
    assert 'value="because"' in page
    assert "Your draft was brought back." in page
    saved = await bob.post(f"/posts/{reply.id}/revisions", raw=TEXT, version="1", reason="because")
    assert saved.status_code == 303
    assert "Your draft was brought back." not in await main(bob, f"/posts/{reply.id}/edit")


async def test_a_question_sent_after_the_session_ended_comes_back_whole(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    bob.client.cookies.clear()
    typed = {"title": "Three words here", "tags": "cantine, bio", "category_id": str(cast.theme.id)}
    refused = await bob.post("/topics", raw=TEXT, kind="discussion", **typed)
    page = await come_back(bob, refused.text)
    assert SHOWN in page
    for words in ('value="Three words here"', 'value="cantine, bio"', 'value="discussion" checked'):
        assert words in page
    assert f'<option value="{cast.theme.id}" selected>' in page


async def test_a_reply_to_a_topic_that_was_closed_meanwhile_is_shown_with_the_reason(
    site: str, cast: Cast
) -> None:
    topic, bob = await a_question(cast), await signed_in(site, "bob")
    await set_closed(await cast.mod(), topic, True)
    refused = await bob.post(f"/t/{topic.id}/posts", raw=TEXT)
    assert refused.status_code == 403
    assert "This topic is closed" in refused.text
    assert SHOWN in refused.text
    too_long = await bob.post(f"/t/{topic.id}/posts", raw=TEXT + "x" * 32_000)
    assert too_long.status_code == 422
    assert SHOWN in too_long.text


async def test_what_was_typed_for_something_deleted_meanwhile_is_shown(site: str, cast: Cast) -> None:
    topic, bob = await a_question(cast), await signed_in(site, "bob")
    reply = await a_reply(cast, topic)
    mod = await cast.mod()
    await delete_post(mod, await seen(mod, reply))
    edit = await bob.post(f"/posts/{reply.id}/revisions", raw=TEXT, version="1")
    assert (edit.status_code, SHOWN in edit.text) == (403, True)
    await delete_topic(mod, await again(mod, topic))
    answer = await bob.post(f"/t/{topic.id}/posts", raw=TEXT)
    assert (answer.status_code, SHOWN in answer.text) == (404, True)


async def test_a_double_click_and_the_back_button_publish_once(site: str, cast: Cast) -> None:
    topic, bob = await a_question(cast), await signed_in(site, "bob")
    page = (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    places = {
        (await bob.post(f"/t/{topic.id}/posts", raw=TEXT, token=token[1])).headers["location"]
        for _n in range(3)
    }
    assert len(places) == 1
    assert len(await sql("SELECT 1 FROM posts WHERE topic_id = {0}", topic.id)) == 2


@pytest.mark.parametrize("body", [b"raw=%E9t%E9", b"raw=\xe9t\xe9", b"raw=%ED%A0%80", b"raw=ok&title=%FF"])
async def test_a_form_that_is_not_utf8_is_refused_rather_than_published_with_holes(
    site: str, cast: Cast, body: bytes
) -> None:
    topic, bob = await a_question(cast), await signed_in(site, "bob")
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    answer = await bob.client.post(f"/t/{topic.id}/posts", content=body, headers=headers)
    assert (answer.status_code, "This form cannot be read." in answer.text) == (400, True)
    assert (await bob.post(f"/t/{topic.id}/posts", raw="What does � mean?")).status_code == 303
    plain = await bob.client.post(f"/t/{topic.id}/posts", content="raw=Été+à+Noël".encode(), headers=headers)
    assert "Été à Noël" in (await bob.get(plain.headers["location"])).text

"""The whole loop without scripts: sign in, ask, reply, vote, accept, follow, sign out."""

import re

from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import at, signed_in


async def test_alice_asks_bob_answers_alice_votes_and_accepts(site: str, cast: Cast) -> None:
    alice, bob = await signed_in(site, "alice"), await signed_in(site, "bob")
    asked = await alice.post(
        "/topics",
        title="Who cooks for sixty children?",
        category_id=str(cast.theme.id),
        kind="question",
        raw="We look for **advice**.",
    )
    assert asked.status_code == 303
    topic = asked.headers["location"]
    page = (await bob.get(topic)).text
    assert "<strong>advice</strong>" in page
    number = topic.rsplit("/", 1)[1]
    replied = await bob.post(f"/t/{number}/posts", raw="A cook at thirty hours.")
    assert replied.status_code == 303
    post = replied.headers["location"].rsplit("post-", 1)[1]
    await alice.post(f"/posts/{post}/vote", value="1")
    await alice.post(f"/posts/{post}/accepted", value="1")
    seen = (await at(site).get(topic)).text
    assert "Solved question" in seen
    assert "Accepted answer" in seen
    assert re.search(rf'id="post-{post}-score">1<', seen)
    assert "replied to you" in (await alice.get("/notifications")).text
    assert "accepted your answer" in (await bob.get("/notifications")).text


async def test_a_text_typed_with_an_expired_session_comes_back_after_sign_in(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    bob = await signed_in(site, "bob")
    bob.client.cookies.clear()
    refused = await bob.post(f"/t/{topic.id}/posts", raw="An hour of typing <b>kept</b>.")
    assert refused.status_code == 403
    assert "no longer signed in" in refused.text
    assert "An hour of typing" in refused.text
    back = await bob.post(
        "/session",
        login="bob",
        password="three clerks and a baton",
        return_to=f"/t/{topic.slug}/{topic.id}",
        raw="An hour of typing <b>kept</b>.",
        draft_key=f"topic_{topic.id}",
    )
    assert back.headers["location"] == f"/t/{topic.slug}/{topic.id}"
    page = (await bob.get(back.headers["location"])).text
    assert "An hour of typing &lt;b&gt;kept&lt;/b&gt;." in page
    assert "Your draft was brought back." in page


async def test_a_refused_question_shows_each_fault_and_keeps_what_was_typed(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    refused = await alice.post("/topics", title="Meals", category_id="", kind="question", raw="")
    assert refused.status_code == 422
    for sentence in ("at least three words", "there is no text here", "Choose a theme."):
        assert sentence in refused.text
    assert 'value="Meals"' in refused.text


async def test_two_edits_of_one_post_show_both_texts_to_the_second(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="First version.")
    bob, mod = await signed_in(site, "bob"), await signed_in(site, "mod")
    await mod.post(f"/posts/{reply.id}/revisions", raw="The moderator's version.", version="1")
    late = await bob.post(f"/posts/{reply.id}/revisions", raw="Bob's own version.", version="1")
    assert late.status_code == 409
    assert "The moderator&#39;s version." in late.text
    assert "Bob&#39;s own version." in late.text


async def test_signing_out_ends_the_session_for_good(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    cookie = dict(alice.client.cookies)
    await alice.post("/session/deletion")
    alice.client.cookies.update(cookie)
    assert "Sign in" in (await alice.get("/")).text


async def test_quoting_a_post_fills_the_form_and_tells_its_author(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="Thirty hours are enough.")
    eve = await signed_in(site, "eve")
    page = (await eve.get(f"/p/{reply.id}/quote")).text
    quoted = f'[quote="bob, post:2, topic:{topic.id}"]\nThirty hours are enough.\n[/quote]'
    assert quoted.replace('"', "&#34;") in page
    assert "in reply to Bob, no. 2" in page
    await eve.post(f"/t/{topic.id}/posts", raw=quoted + "\nAnd for absences?")
    assert "quoted you" in (await (await signed_in(site, "bob")).get("/notifications")).text


async def test_following_a_topic_is_a_form(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    eve = await signed_in(site, "eve")
    await eve.post(f"/t/{topic.id}/notification-level", level="3")
    page = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
    assert '<option value="3" selected>' in page
    assert "You chose this level." in page


async def test_old_titles_and_numbers_lead_to_the_topic(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    visitor = at(site)
    for path in (f"/t/{topic.id}", f"/t/an-old-title/{topic.id}", f"/p/{reply.id}", f"/t/{topic.id}/2"):
        page = await visitor.get(path)
        assert page.status_code == 200
        assert topic.title in page.text


async def test_pages_say_404_alike_for_what_is_absent_and_what_is_not_yours(site: str, cast: Cast) -> None:
    hidden = await a_question(cast, private=True)
    eve = await signed_in(site, "eve")

    async def answer(path: str) -> str:
        found = await eve.get(path)
        assert found.status_code == 404
        return re.sub(r"request [0-9a-f]{32}|/t/[^\"<]*|return_to\" value=\"[^\"]*", "", found.text)

    assert await answer(f"/t/{hidden.slug}/{hidden.id}") == await answer("/t/nothing/99999")
    assert hidden.title not in (await eve.get("/")).text
    assert "Clerks only" not in (await eve.get("/categories")).text

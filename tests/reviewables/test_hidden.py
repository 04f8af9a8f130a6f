"""A hidden post: its author reads why, staff read its words, to all others they were never there."""

import orjson
import pytest

from forum.app import Relais
from forum.clock import now
from forum.errors import Forbidden, NotFound
from forum.jobs import run_due
from forum.live import encode
from forum.markdown import all_quotes, without_words_of
from forum.posts.actions import recover_post
from forum.posts.queries import post_card, post_visible_to
from forum.topics.queries import topic_visible_to
from realtime.log import Event
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import at, signed_in
from tests.reviewables.cases import decided

SECRET = "The child is called Zozime"


async def test_its_words_are_nowhere_for_others(site: str, app: Relais, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw=SECRET)
    await decided(cast, reply, "hide")
    here, number = f"/t/{topic.slug}/{topic.id}", reply.number
    paths = [
        here, f"{here}?sort=top", f"{here}?quote={number}", f"/t/{topic.id}.json?include_raw=1",
        f"/posts/{reply.id}.json", f"/posts/{reply.id}/revisions", f"/posts/{reply.id}/moderation",
        f"/posts/{reply.id}/flags", f"/posts/{reply.id}/replies", f"/p/{reply.id}", "/u/bob", "/u/bob.json",
        f"/posts/by_number/{topic.id}/{number}.json", "/", "/notifications", "/latest.json",
    ]  # fmt: skip
    for person in (at(site), await signed_in(site, "eve"), await signed_in(site, "alice")):
        for path in paths:
            assert SECRET not in (await person.get(path)).text, path
    shown = (await at(site).get(paths[0])).text
    assert f"Post no. {reply.number} is hidden by moderation." in shown
    assert "See why" not in shown
    rows = await sql("SELECT channel, number, kind, data FROM live_events WHERE channel NOT LIKE '$%'")
    for row in rows:
        event = Event(row["channel"], row["number"], row["kind"], orjson.loads(row["data"]), now())
        assert SECRET not in (await encode(event, ("en", True))).decode(), event


async def test_its_author_and_staff_read_it_and_only_staff_bring_it_back(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw=SECRET)
    case = await decided(cast, reply, "hide")
    bob, mod = await signed_in(site, "bob"), await signed_in(site, "mod")
    assert SECRET in (await bob.get(f"/posts/{reply.id}/moderation")).text
    assert SECRET in (await mod.get(f"/review/{case.id}")).text
    for person in (bob, mod):
        assert SECRET not in (await person.get(f"/t/{topic.slug}/{topic.id}")).text
    with pytest.raises(Forbidden):
        await recover_post(await cast.bob(), await seen(await cast.bob(), reply))
    await recover_post(await cast.mod(), await seen(await cast.mod(), reply))
    assert SECRET in (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    card = await post_card(reply.id)
    assert card is not None
    assert not card.hidden


async def test_the_post_that_opens_a_topic_may_be_hidden_and_the_topic_goes_on(site: str, cast: Cast) -> None:
    topic = await a_question(cast, raw=SECRET)
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id)
    post = await post_visible_to(await cast.mod(), rows[0]["id"])
    await decided(cast, post, "hide")  # type: ignore[arg-type]
    reply = await a_reply(cast, topic)
    shown = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    assert SECRET not in shown
    assert "Post no. 1 is hidden by moderation." in shown
    assert f"post-{reply.id}" in shown
    after = await topic_visible_to(await cast.eve(), topic.id)
    assert (after.posts_count, after.highest_post_number) == (2, 2)
    with pytest.raises(NotFound):
        await post_visible_to(await cast.eve(), post.id)
    assert (await at(site).get("/")).status_code == 200


async def test_others_who_quote_it_no_longer_show_its_words_until_it_comes_back(
    site: str, cast: Cast
) -> None:
    topic, elsewhere = await a_question(cast), await a_question(cast)
    reply = await a_reply(cast, topic, raw=SECRET)
    quote = f'[quote="bob, post:{reply.number}{{}}"]\n{SECRET}\nand more of {SECRET}\n[/quote]\n\nIndeed.'
    here = await a_reply(cast, topic, author=await cast.alice(), raw=quote.format(""))
    there = await a_reply(cast, elsewhere, author=await cast.eve(), raw=quote.format(f", topic:{topic.id}"))
    before = [await post_card(post.id) for post in (here, there)]
    assert all(card is not None and SECRET in card.cooked for card in before)
    await decided(cast, reply, "hide")
    await run_due("cook_quotes_again")
    for post in (here, there):
        card = await post_card(post.id)
        assert card is not None
        assert SECRET not in card.cooked
        assert "Indeed." in card.cooked
        assert "bob" in card.cooked
    later = await a_reply(cast, topic, author=await cast.alice(), raw=quote.format(""))
    visitor = at(site)
    for path in (
        f"/t/{topic.slug}/{topic.id}", f"/t/{topic.id}.json?include_raw=1", f"/posts/{later.id}.json",
        f"/t/{elsewhere.slug}/{elsewhere.id}", f"/posts/{there.id}/revisions",
        f"/t/{topic.slug}/{topic.id}?quote={here.number}",
    ):  # fmt: skip
        assert SECRET not in (await visitor.get(path)).text, path
    await recover_post(await cast.mod(), await seen(await cast.mod(), reply))
    await run_due("cook_quotes_again")
    after = [await post_card(post.id) for post in (here, there)]
    assert [card.cooked for card in after if card] == [card.cooked for card in before if card]


def test_words_of_quotes_are_taken_out_where_they_stand() -> None:
    raw = (
        '[quote="eve, post:2"]\nkept\n[quote="bob, post:4"]\nsecret\nmore\n[/quote]\nkept too\n[/quote]\n'
        '[quote="bob, post:4"]secret[/quote]\nown words'
    )
    hidden = [quote for quote in all_quotes(raw) if quote.post_number == 4]
    shown = without_words_of(raw, hidden)
    assert "secret" not in shown
    assert "more" not in shown
    for words in ("kept", "kept too", "own words", 'bob, post:4"][…][/quote]'):
        assert words in shown
    assert without_words_of(raw, []) == raw

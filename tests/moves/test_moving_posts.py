"""Staff move posts to a new topic, to another one, or all of them: what goes along, and who learns of it."""

import asyncio

import orjson
import pytest

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer
from forum.app import Relais
from forum.clock import now
from forum.drafts.actions import draft_of, keep_draft
from forum.errors import Conflict, Forbidden, Invalid
from forum.journal.models import Act
from forum.live import encode, use_templates
from forum.moves.actions import NewTopic, merge_topics, move_posts, split_topic
from forum.moves.queries import place_now, topics_named
from forum.posts.actions import delete_post, reply_to_topic, revise_post
from forum.posts.new import NewPost
from forum.posts.queries import cards_of_page, post_card
from forum.reading.actions import read_up_to, set_notification_level
from forum.topics.queries import TopicCard, topic_visible_to
from realtime.log import Event
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import at, signed_in
from tests.reviewables.cases import decided

KITCHEN = "A kitchen of one’s own"


def a_topic(cast: Cast, title: str = KITCHEN, kind: str = "discussion", private: bool = False) -> NewTopic:
    return NewTopic(title, cast.private.id if private else cast.theme.id, kind)


async def conversation(cast: Cast, answers: int = 5) -> tuple[TopicCard, list[int]]:
    """Alice asks, Bob answers, Eve answers Bob; the topic, and the ids of its replies."""
    topic = await a_question(cast)
    first = await a_reply(cast, topic)
    replies = [first.id]
    for n in range(3, answers + 2):
        reply = await reply_to_topic(await cast.eve(), topic, f"I say no. {n} to this.", reply_to=n - 1)
        replies.append(reply.id)
    return await again(await cast.mod(), topic), replies


def named(post_id: int) -> NewPost:
    """What `seen` looks for: only the id counts."""
    return NewPost(post_id, 0, 0, 0, 0)


async def numbers(topic_id: int) -> list[tuple[int, int, int | None]]:
    rows = await sql(
        "SELECT id, post_number, reply_to_post_number FROM posts WHERE topic_id = {0} AND post_type <> 3"
        " ORDER BY post_number",
        topic_id,
    )
    return [(row["id"], row["post_number"], row["reply_to_post_number"]) for row in rows]


async def told(channel: str) -> list[Event]:
    rows = await sql("SELECT number, kind, data FROM live_events WHERE channel = {0} ORDER BY id", channel)
    return [Event(channel, row["number"], row["kind"], orjson.loads(row["data"]), now()) for row in rows]


async def patches(event: Event) -> list[tuple[str, str]]:
    found = orjson.loads(await encode(event, ("en", True)))["patches"]
    return [(patch["op"], patch.get("target", "")) for patch in found]


async def test_posts_go_to_a_new_topic_in_their_order_and_what_they_answer_goes_along(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    mod = await cast.mod()
    new = await split_topic(mod, topic, replies[1:4], a_topic(cast))
    there = await topic_visible_to(mod, new.topic_id)
    assert await numbers(there.id) == [(replies[1], 1, None), (replies[2], 2, 1), (replies[3], 3, 2)]
    assert (there.title, there.posts_count, there.highest_post_number) == (KITCHEN, 3, 3)
    assert there.author.username == "eve"
    here = await again(mod, topic)
    assert (here.posts_count, here.highest_post_number) == (3, 6)
    assert [(n, up) for _id, n, up in await numbers(topic.id)] == [(1, None), (2, None), (6, 5)]
    assert here.version > topic.version
    assert here.last_posted_at == (await post_card(replies[4])).created_at


async def test_reply_counts_are_right_on_both_sides(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    await split_topic(await cast.mod(), topic, replies[1:4], a_topic(cast))
    counts = {id: (await post_card(id)).reply_count for id in replies}
    assert list(counts.values()) == [0, 1, 1, 0, 0]
    answer = await post_card(replies[4])
    assert (answer.reply_to.number, answer.reply_to.name) == (5, ""), "its number leads to where it went"


async def test_whoever_moved_posts_is_not_the_last_to_write_once_what_followed_is_deleted(cast: Cast) -> None:
    topic, replies = await conversation(cast, answers=3)
    mod = await cast.mod()
    await split_topic(mod, topic, replies[1:2], a_topic(cast))
    await delete_post(mod, await seen(mod, named(replies[2])))
    here, first = await again(mod, topic), await post_card(replies[0])
    assert (here.last_poster.username, here.bumped_at) == ("bob", first.created_at)
    stand_in = await sql("SELECT reply_count FROM posts WHERE topic_id = {0} AND post_type = 3", topic.id)
    assert [row["reply_count"] for row in stand_in] == [0]


async def test_old_addresses_lead_to_where_the_posts_are(site: str, cast: Cast) -> None:
    topic, replies = await conversation(cast)
    new = await split_topic(await cast.mod(), topic, replies[1:3], a_topic(cast))
    visitor = at(site)
    for number, place in ((3, 1), (4, 2)):
        answer = await visitor.client.get(f"/t/{topic.slug}/{topic.id}/{number}")
        assert answer.headers["location"] == f"/t/{new.topic_slug}/{new.topic_id}/{place}"
    stays = await visitor.client.get(f"/t/{topic.slug}/{topic.id}/5")
    assert stays.headers["location"].endswith(f"{topic.slug}/{topic.id}#post-{replies[3]}")
    goes_on = await visitor.client.get(f"/t/{topic.slug}/{topic.id}/4?unread")
    assert f"/{topic.id}#post-" in goes_on.headers["location"], "who goes on reading stays in the topic"
    page = (await visitor.get(f"/t/{topic.slug}/{topic.id}")).text
    assert "moved 2 posts to another topic" in page
    assert f'href="/t/{topic.id}/3"' in page
    by_number = await visitor.client.get(f"/posts/by_number/{topic.id}/4.json")
    assert by_number.json()["topic_id"] == new.topic_id


async def test_whoever_may_not_see_where_they_went_finds_no_trace(site: str, cast: Cast) -> None:
    topic, replies = await conversation(cast)
    ada = await cast.ada()
    new = await split_topic(ada, topic, replies[1:3], a_topic(cast, private=True))
    eve, alice = await signed_in(site, "eve"), await signed_in(site, "alice")
    page = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
    assert KITCHEN not in page
    assert "moved" not in page
    assert "I say no. 3" not in page
    gone = await eve.client.get(f"/t/{topic.slug}/{topic.id}/3")
    assert gone.headers["location"] == f"/t/{topic.slug}/{topic.id}#post-{replies[0]}"
    assert (await eve.get(f"/p/{replies[1]}")).status_code == 404
    assert (await eve.get(f"/posts/{replies[1]}/edit")).status_code == 404, "their own post, too"
    assert "I say no. 3" not in (await eve.get("/u/eve")).text
    follows = await alice.client.get(f"/t/{topic.slug}/{topic.id}/3")
    assert follows.headers["location"] == f"/t/{new.topic_slug}/{new.topic_id}/1"


async def test_nothing_of_them_is_told_again_where_they_were(cast: Cast, app: Relais) -> None:
    """What was told before the move is asked for again by whoever was away."""
    use_templates(app.templates)
    topic, replies = await conversation(cast)
    eve = await cast.eve()
    await revise_post(eve, await seen(eve, named(replies[1])), "I say no. 3!", reason="", version=1)
    new = await split_topic(await cast.ada(), topic, replies[1:3], a_topic(cast, private=True))
    for channel in (f"topic:{topic.id}", f"category:{cast.theme.id}", "latest"):
        for event in await told(channel):
            text = (await encode(event, ("en", True))).decode()
            assert event.data["topic_id"] != new.topic_id, event
            assert [word for word in ("I say no. 3", "I say no. 4", KITCHEN) if word in text] == [], event


async def test_open_pages_of_both_topics_are_told_what_changes(cast: Cast, app: Relais) -> None:
    use_templates(app.templates)
    topic, replies = await conversation(cast)
    other, mod = await a_question(cast), await cast.mod()
    await move_posts(mod, topic, replies[1:3], other)
    here, there = (await told(f"topic:{topic.id}"))[-1], (await told(f"topic:{other.id}"))[-1]
    assert (here.kind, there.kind) == ("posts.moved", "posts.moved")
    assert await patches(here) == [
        ("replace", f"post-{replies[1]}"), ("remove", f"post-{replies[1]}"), ("remove", f"post-{replies[2]}"),
        ("replace", f"post-{replies[0]}"), ("replace", f"post-{replies[3]}"),
        ("replace", f"topic-{topic.id}-head"),
    ]  # fmt: skip
    assert await patches(there) == [
        ("append", f"topic-{other.id}-posts"), ("append", f"topic-{other.id}-posts"),
        ("replace", f"topic-{other.id}-head"),
    ]  # fmt: skip
    rows = [event.data["topic_id"] for event in await told("latest") if event.kind == "posts.moved"]
    assert rows == [topic.id, other.id]


async def test_many_posts_at_once_tell_pages_to_read_again(cast: Cast, app: Relais) -> None:
    use_templates(app.templates)
    topic, other, mod = await a_question(cast), await a_question(cast), await cast.mod()
    for _ in range(61):
        await a_reply(cast, topic)
    await merge_topics(mod, await again(mod, topic), await again(mod, other))
    assert await patches((await told(f"topic:{other.id}"))[-1]) == [("refresh", "")]
    assert (await again(mod, other)).highest_post_number == 63


async def test_in_another_topic_numbers_follow_on_and_the_newest_bumps_it(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    older = await a_question(cast)
    await a_reply(cast, older)
    mod = await cast.mod()
    await sql(
        "UPDATE topics SET bumped_at = {1}, last_posted_at = {1} WHERE id = {0}", older.id, topic.created_at
    )
    place = await move_posts(mod, topic, replies[:2], await again(mod, older))
    assert (place.number, place.topic_id) == (3, older.id)
    there = await again(mod, older)
    assert [n for _id, n, _up in await numbers(older.id)] == [1, 2, 3, 4]
    assert (there.posts_count, there.last_poster.username) == (4, "eve")
    assert there.bumped_at == (await post_card(replies[1])).created_at


async def test_accepted_answers_stay_so_under_a_question_only(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    alice, mod = await cast.alice(), await cast.mod()
    for id in replies[:3]:
        await accept_answer(alice, await seen(alice, named(id)))
    other = await a_question(cast)
    await move_posts(mod, topic, replies[:1], other)
    assert (await again(mod, topic)).accepted_count == 2
    assert (await again(mod, other)).accepted_count == 1
    new = await split_topic(mod, await again(mod, topic), replies[1:3], a_topic(cast, kind="question"))
    there = await topic_visible_to(mod, new.topic_id)
    assert there.accepted_count == 1, "what opens a topic answers nothing"
    again_there = await split_topic(mod, there, [replies[2]], a_topic(cast, title="Neither is this one"))
    assert (await topic_visible_to(mod, again_there.topic_id)).accepted_count == 0
    last = (await sql("SELECT details FROM staff_actions ORDER BY id DESC LIMIT 1"))[0]
    assert orjson.loads(last["details"])["unaccepted"] == 1


async def test_alerts_follow_and_authors_are_told_once(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    new = await split_topic(await cast.mod(), topic, replies[:4], a_topic(cast))
    rows = await sql(
        "SELECT notification_type, topic_id, post_number FROM notifications WHERE user_id = {0} ORDER BY id",
        cast.ids["bob"],
    )
    found = [(row["notification_type"], row["topic_id"], row["post_number"]) for row in rows]
    assert (2, new.topic_id, 2) in found, "Eve’s reply to Bob, where it is now"
    assert found.count((8, new.topic_id, 1)) == 1
    eve = await sql(
        "SELECT 1 FROM notifications WHERE user_id = {0} AND notification_type = 8", cast.ids["eve"]
    )
    assert len(eve) == 1, "four posts, one alert"


async def test_alerts_go_from_whoever_may_not_see_them_any_more(cast: Cast) -> None:
    topic, _replies = await conversation(cast)
    eve = await cast.eve()
    await reply_to_topic(await cast.bob(), topic, "To Eve.", reply_to=3)
    assert await sql("SELECT 1 FROM notifications WHERE user_id = {0}", eve.id)
    rows = await numbers(topic.id)
    await split_topic(await cast.ada(), topic, [rows[-1][0]], a_topic(cast, private=True))
    await jobs.run_due("forget_hidden_alerts")
    left = await sql(
        "SELECT 1 FROM notifications n WHERE user_id = {0} AND post_id = {1}", eve.id, rows[-1][0]
    )
    assert left == []


async def test_what_was_read_is_read_and_what_was_followed_is_followed(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    mod, bob = await cast.mod(), await cast.bob()
    await read_up_to(mod, topic, 4)
    await set_notification_level(mod, topic, 0)
    new = await split_topic(await cast.ada(), topic, replies[1:4], a_topic(cast))

    async def state(user_id: int, topic_id: int) -> tuple[int, int]:
        rows = await sql(
            "SELECT last_read_post_number AS n, notification_level AS l FROM topic_users"
            " WHERE user_id = {0} AND topic_id = {1}",
            user_id,
            topic_id,
        )
        return (rows[0]["n"], rows[0]["l"]) if rows else (-1, -1)

    assert await state(cast.ids["mod"], new.topic_id) == (2, 0), "no. 3 and 4 are no. 1 and 2 there; muted"
    assert await state(cast.ids["alice"], new.topic_id) == (0, 3), "she watches what she asked"
    assert (await state(cast.ids["eve"], new.topic_id)) == (3, 2)
    other = await a_question(cast, author=bob)
    await read_up_to(await cast.eve(), await again(mod, other), 1)
    await move_posts(mod, await topic_visible_to(mod, new.topic_id), [replies[3]], await again(mod, other))
    assert await state(cast.ids["eve"], other.id) == (2, 2), "she had read all of both"
    assert await state(cast.ids["bob"], other.id) == (1, 3)


async def test_a_reply_begun_goes_on_where_it_was_begun_and_says_what_it_answers(
    site: str, cast: Cast
) -> None:
    topic, replies = await conversation(cast)
    alice, mod = await signed_in(site, "alice"), await cast.mod()
    await keep_draft(cast.ids["alice"], f"topic_{topic.id}", {"raw": "Begun.", "reply_to": "3"})
    await split_topic(mod, topic, replies[1:2], a_topic(cast))
    page = (await alice.get(f"/t/{topic.slug}/{topic.id}")).text
    assert "Begun." in page
    assert "in reply to no. 3" in page
    await alice.post(f"/t/{topic.id}/posts", raw="Begun and done.", reply_to="3")
    last = (await cards_of_page(topic.id, 1))[-1]
    assert (last.reply_to.number, last.reply_to.name) == (3, "")
    told_eve = await sql(
        "SELECT 1 FROM notifications WHERE user_id = {0} AND post_id = {1}", cast.ids["eve"], last.id
    )
    assert told_eve, "the author of what is answered hears of it"


async def test_a_quote_goes_on_meaning_the_post_that_it_meant(cast: Cast) -> None:
    topic = await a_question(cast)
    bob = await a_reply(cast, topic, raw="The secret of the stew.")
    text = '[quote="bob, post:2"]\nThe secret of the stew.\n[/quote]\nIndeed.'
    eve = await reply_to_topic(await cast.eve(), topic, text)
    new = await split_topic(await cast.mod(), await again(await cast.mod(), topic), [eve.id], a_topic(cast))
    await jobs.run_due("name_topics_of_quotes")
    moved = await seen(await cast.mod(), eve)
    assert f'[quote="bob, post:2, topic:{topic.id}"]' in moved.source
    assert f"/t/-/{topic.id}/2" in str((await post_card(eve.id)).cooked)
    await decided(cast, bob, "hide")
    await jobs.run_due("cook_quotes_again")
    assert "stew" not in str((await post_card(eve.id)).cooked), "words of a hidden post, wherever quoted"
    assert new.topic_id == moved.topic_id


async def test_words_of_a_post_hidden_after_it_moved_go_from_its_quotes_too(cast: Cast) -> None:
    topic = await a_question(cast)
    bob = await a_reply(cast, topic, raw="The secret of the stew.")
    quoting = '[quote="bob, post:2"]\nThe secret of the stew.\n[/quote]\nIndeed.'
    eve = await reply_to_topic(await cast.eve(), topic, quoting)
    await split_topic(await cast.mod(), await again(await cast.mod(), topic), [bob.id], a_topic(cast))
    await decided(cast, bob, "hide")
    await jobs.run_due("cook_quotes_again")
    assert "stew" not in str((await post_card(eve.id)).cooked)


async def test_a_merged_topic_closes_and_leads_to_the_other_one(site: str, cast: Cast) -> None:
    topic, _replies = await conversation(cast, 2)
    other, mod = await a_question(cast), await cast.mod()
    await keep_draft(cast.ids["alice"], f"topic_{topic.id}", {"raw": "Begun.", "reply_to": "2"})
    place = await merge_topics(mod, topic, other)
    assert place.number == 2
    here, there = await again(mod, topic), await again(mod, other)
    assert (here.closed, here.posts_count, there.posts_count) == (True, 0, 4)
    assert [n for _id, n, _up in await numbers(other.id)] == [1, 2, 3, 4]
    assert await draft_of(cast.ids["alice"], f"topic_{other.id}") == {"raw": "Begun.", "reply_to": "3"}
    visitor = at(site)
    page = (await visitor.get(f"/t/{topic.id}")).text
    assert "moved 3 posts to another topic" in page
    answer = await visitor.client.get(f"/t/{topic.slug}/{topic.id}/1")
    assert answer.headers["location"] == f"/t/{other.slug}/{other.id}/2"
    assert (await at(site).client.get(f"/t/{topic.id}.json")).status_code == 200
    with pytest.raises(Conflict):
        await merge_topics(mod, here, there)


async def test_a_reply_on_its_way_to_a_merged_topic_arrives_where_its_posts_are(
    site: str, cast: Cast
) -> None:
    topic, _replies = await conversation(cast, 2)
    other, alice = await a_question(cast), await signed_in(site, "alice")
    await merge_topics(await cast.mod(), topic, other)
    sent = await alice.post(f"/t/{topic.id}/posts", raw="Written while they merged.", reply_to="2")
    assert sent.headers["location"].startswith(f"/t/{other.slug}/{other.id}")
    last = (await cards_of_page(other.id, 1))[-1]
    assert ("Written while they merged." in str(last.cooked), last.reply_to.number) == (True, 3)


async def test_merged_to_where_not_all_may_follow_it_is_gone_for_them(site: str, cast: Cast) -> None:
    topic, _replies = await conversation(cast, 2)
    hidden = await a_question(cast, private=True)
    await merge_topics(await cast.ada(), topic, hidden)
    eve, alice = await signed_in(site, "eve"), await signed_in(site, "alice")
    for path in (f"/t/{topic.id}", f"/t/{topic.slug}/{topic.id}", f"/t/{topic.slug}/{topic.id}/2"):
        assert (await eve.get(path)).status_code == 404, path
        assert str((await alice.get(path)).url.path).startswith(f"/t/{hidden.slug}/{hidden.id}"), path


async def test_both_where_they_are_and_where_they_go_are_asked_about(cast: Cast) -> None:
    topic, replies = await conversation(cast, 2)
    hidden, mod = await a_question(cast, private=True), await cast.mod()
    for who in ("alice", "bob", "eve"):
        with pytest.raises(Forbidden):
            await split_topic(await cast.viewer(who), topic, replies, a_topic(cast))
        with pytest.raises(Forbidden):
            await merge_topics(await cast.viewer(who), topic, await a_question(cast))
    with pytest.raises(Invalid):
        await split_topic(mod, topic, replies, a_topic(cast, private=True))
    with pytest.raises(Forbidden):
        await move_posts(mod, topic, replies, hidden)
    with pytest.raises(Forbidden):
        await merge_topics(mod, hidden, topic)
    assert (await again(mod, topic)).posts_count == 3


async def test_what_cannot_be_moved_is_said(cast: Cast) -> None:
    topic, replies = await conversation(cast, 2)
    mod, first = await cast.mod(), (await numbers((await again(await cast.mod(), topic)).id))[0][0]
    with pytest.raises(Invalid):
        await split_topic(mod, topic, [first], a_topic(cast))
    with pytest.raises(Invalid):
        await split_topic(mod, topic, [], a_topic(cast))
    with pytest.raises(Invalid) as told_of:
        await split_topic(mod, topic, replies, NewTopic("No", 4000, "announcement", ["?"]))
    assert set(told_of.value.fields) == {"title", "category_id", "kind", "tags"}
    with pytest.raises(Invalid):
        await move_posts(mod, topic, replies, topic)
    eve = await cast.eve()
    await delete_post(eve, await seen(eve, named(replies[1])))
    with pytest.raises(Conflict):
        await split_topic(mod, topic, replies, a_topic(cast))


async def test_of_two_who_split_the_same_posts_one_does(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    mod, ada = await cast.mod(), await cast.ada()

    async def attempt(who: Viewer) -> str:
        try:
            await split_topic(who, topic, replies[1:3], a_topic(cast))
        except Conflict:
            return "told"
        return "done"

    assert sorted(await asyncio.gather(attempt(mod), attempt(ada))) == ["done", "told"]
    acts = await sql("SELECT 1 FROM staff_actions WHERE kind = {0}", Act.SPLIT_TOPIC.value)
    assert len(acts) == 1


async def test_a_retry_with_the_same_key_is_one_move(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    mod, other = await cast.mod(), await a_question(cast)
    once = [await split_topic(mod, topic, replies[1:3], a_topic(cast), key="form:1") for _ in range(2)]
    assert once[0].topic_id == once[1].topic_id
    twice = [await move_posts(mod, await again(mod, topic), replies[:1], other) for _ in range(2)]
    assert twice[0].number == twice[1].number == 2, "also without a key: they are there already"


async def test_replies_that_arrive_meanwhile_are_neither_lost_nor_misplaced(cast: Cast) -> None:
    topic, replies = await conversation(cast)
    mod, bob = await cast.mod(), await cast.bob()
    texts = [f"Meanwhile, no. {n} of them." for n in range(6)]
    await asyncio.gather(
        split_topic(mod, topic, replies[1:3], a_topic(cast)),
        *(reply_to_topic(bob, topic, text, reply_to=3) for text in texts),
    )
    cards = await cards_of_page(topic.id, 1)
    written = [card for card in cards if "Meanwhile" in str(card.cooked)]
    assert len(written) == 6
    assert {card.reply_to.number for card in written} == {3}
    counted = await again(mod, topic)
    assert counted.posts_count == len([card for card in cards if card.post_type == "regular"])


async def test_a_moderator_moves_posts_without_scripts(site: str, cast: Cast) -> None:
    topic, _replies = await conversation(cast)
    mod = await signed_in(site, "mod")
    page = (await mod.get(f"/t/{topic.slug}/{topic.id}")).text
    assert f"/t/{topic.id}/move-posts" in page
    assert f"/t/{topic.id}/merge-topic" in page
    form = f"/t/{topic.id}/move-posts"
    kept = (await mod.get(f"{form}?number-3=1&numbers=4-5&title=Typed+so+far")).text
    assert kept.count("checked") == 5, "three posts, a place and a kind"
    assert "Typed so far" in kept
    refused = await mod.post(form, **{"number-3": "1", "title": "No", "where": "new"})
    assert refused.status_code == 422
    assert "Too short" in refused.text
    assert 'name="number-3" value="1" checked' in refused.text
    sent = await mod.post(form, numbers="3-4", title=KITCHEN, where="new", token="t1")
    assert sent.status_code == 303
    again_sent = await mod.post(form, numbers="3-4", title=KITCHEN, where="new", token="t1")
    assert again_sent.headers["location"] == sent.headers["location"], "a double click"
    assert KITCHEN in (await mod.get(sent.headers["location"])).text
    other = await a_question(cast, title="Écoles et cuisines centrales")
    found = (await mod.get(f"{form}?target=ecoles+centrales&where=existing")).text
    assert "Écoles et cuisines centrales" in found
    sent = await mod.post(form, numbers="2", where="existing", target=f"{site}/t/{other.slug}/{other.id}/1")
    assert sent.headers["location"] == f"/t/{other.slug}/{other.id}/2"
    nowhere = await mod.post(form, numbers="5", where="existing", target="nothing like it")
    assert nowhere.status_code == 422
    assert "No topic is found" in nowhere.text
    merge = await mod.post(f"/t/{topic.id}/merge-topic", target=str(other.id))
    assert merge.headers["location"] == f"/t/{other.slug}/{other.id}/3"


async def test_topics_are_found_as_far_as_one_may_see(cast: Cast) -> None:
    hidden = await a_question(cast, private=True, title="Words that few may read")
    shown = await a_question(cast, title="Words that all may read")
    mod, ada = await cast.mod(), await cast.ada()
    assert [one.id for one in await topics_named(mod, "words MAY read")] == [shown.id]
    assert {one.id for one in await topics_named(ada, "words may read")} == {shown.id, hidden.id}
    assert await topics_named(mod, str(hidden.id)) == []
    assert [one.id for one in await topics_named(mod, f"/t/{shown.id}")] == [shown.id]
    assert await topics_named(mod, "%") == []
    assert await place_now(mod, shown.id, 1) is None


async def test_programs_move_and_merge_as_on_discourse(site: str, cast: Cast) -> None:
    topic, replies = await conversation(cast)
    other, mod = await a_question(cast), await signed_in(site, "mod")
    headers = {"Sec-Fetch-Site": "same-origin"}
    sent = await mod.client.post(
        f"/t/{topic.id}/move-posts.json",
        json={"post_ids": replies[1:3], "title": KITCHEN, "category_id": cast.theme.id},
        headers=headers,
    )
    assert sent.json()["success"] is True
    there = int(sent.json()["url"].rpartition("/")[2])
    assert [id for id, _n, _up in await numbers(there)] == replies[1:3]
    sent = await mod.client.post(
        f"/t/{topic.id}/move-posts.json",
        data={"post_ids[]": [str(replies[0])], "destination_topic_id": str(other.id)},
        headers=headers,
    )
    assert sent.json() == {"success": True, "url": f"/t/{other.slug}/{other.id}"}
    sent = await mod.client.post(
        f"/t/{there}/merge-topic.json", json={"destination_topic_id": other.id}, headers=headers
    )
    assert sent.json()["success"] is True
    assert [n for _id, n, _up in await numbers(other.id)] == [1, 2, 3, 4]
    wrong = await mod.client.post(f"/t/{topic.id}/move-posts.json", json={"post_ids": ["x"]}, headers=headers)
    assert wrong.status_code == 422

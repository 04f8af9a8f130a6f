"""Bob replies."""

import pytest

from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.posts.actions import delete_post, recover_post, reply_to_topic, revise_post
from forum.posts.history import revisions_of
from forum.posts.queries import cards_of_page, post_visible_to
from forum.settings.actions import change_setting
from forum.topics.actions import delete_topic, set_closed
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import signed_in


async def test_bob_replies_and_the_topic_moves_up(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="A cook at thirty hours is enough.")
    now = await again(await cast.alice(), topic)
    cards = await cards_of_page(topic.id, 1)
    assert [card.number for card in cards] == [1, 2]
    assert "A cook at thirty hours is enough." in cards[1].cooked
    assert (now.posts_count, now.highest_post_number, now.last_poster.username) == (2, 2, "bob")
    assert now.bumped_at > topic.bumped_at
    assert now.version > topic.version
    assert reply.number == 2


async def test_a_reply_to_a_reply_names_the_post_above(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    await reply_to_topic(await cast.alice(), topic, "And for absences?", reply_to=2)
    first, above, below = await cards_of_page(topic.id, 1)
    assert below.reply_to is not None
    assert (below.reply_to.number, below.reply_to.name) == (2, "Bob")
    assert above.reply_count == 1
    assert first.reply_count == 0


async def test_a_double_click_makes_one_reply(cast: Cast) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    one = await reply_to_topic(bob, topic, "Once only, please.", key="form:abc")
    two = await reply_to_topic(bob, topic, "Once only, please.", key="form:abc")
    assert one.id == two.id
    assert (await again(bob, topic)).posts_count == 2


async def test_a_retry_succeeds_even_if_the_topic_was_closed_since(cast: Cast) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    one = await reply_to_topic(bob, topic, "Before the door closed.", key="k")
    await set_closed(await cast.mod(), topic, True)
    assert (await reply_to_topic(bob, topic, "Before the door closed.", key="k")).id == one.id


async def test_a_topic_closed_while_bob_writes_refuses_his_reply(cast: Cast) -> None:
    topic = await a_question(cast)
    await set_closed(await cast.mod(), topic, True)
    with pytest.raises(Conflict):
        await a_reply(cast, topic)
    with pytest.raises(Forbidden):
        await a_reply(cast, await again(await cast.bob(), topic))


async def test_a_topic_deleted_while_bob_writes_refuses_his_reply(cast: Cast) -> None:
    topic = await a_question(cast)
    await delete_topic(await cast.mod(), topic)
    with pytest.raises(Conflict):
        await a_reply(cast, topic)


@pytest.mark.parametrize("raw", ["", "   \n\t ", "x" * 32_001, "a\x00b", "\ud800"])
async def test_a_text_that_cannot_be_a_post_is_refused_at_its_field(cast: Cast, raw: str) -> None:
    topic = await a_question(cast)
    with pytest.raises(Invalid) as refusal:
        await a_reply(cast, topic, raw=raw) if raw.strip() else await reply_to_topic(
            await cast.bob(), topic, raw
        )
    assert list(refusal.value.fields) == ["raw"]
    assert (await again(await cast.alice(), topic)).posts_count == 1


async def test_visitors_and_outsiders_cannot_reply(cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    with pytest.raises(Forbidden):
        await reply_to_topic(await cast.visitor(), topic, "Let me in.")
    with pytest.raises(Forbidden):
        await reply_to_topic(await cast.eve(), topic, "Let me in.")


async def test_bob_edits_and_the_history_keeps_both_texts(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="It costs 8 euros a meal.")
    bob = await cast.bob()
    await revise_post(
        bob, await seen(bob, reply), "It costs 8.90 euros a meal.", reason="exact figure", version=1
    )
    after = await seen(bob, reply)
    latest, first = await revisions_of(after)
    assert (latest.version, latest.reason, first.version) == (2, "exact figure", 1)
    assert latest.diff == "It costs <del>8 </del><ins>8.90 </ins>euros a meal."
    assert first.diff == "It costs 8 euros a meal."
    assert (await cards_of_page(topic.id, 1))[1].edited_at is not None


async def test_the_second_of_two_edits_is_told_and_loses_nothing(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="First text.")
    bob, mod = await cast.bob(), await cast.mod()
    before = await seen(bob, reply)
    await revise_post(mod, await seen(mod, reply), "Mod was faster.", reason="", version=1)
    with pytest.raises(Conflict):
        await revise_post(bob, before, "Bob was slower.", reason="", version=1)
    assert (await seen(bob, reply)).source == "Mod was faster."


async def test_eve_cannot_edit_nor_delete_what_bob_wrote(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, eve = await a_reply(cast, topic), await cast.eve()
    with pytest.raises(Forbidden):
        await revise_post(eve, await seen(eve, reply), "Eve was here.", reason="", version=1)
    with pytest.raises(Forbidden):
        await delete_post(eve, await seen(eve, reply))


async def test_a_deleted_reply_leaves_its_place_and_comes_back(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, bob = await a_reply(cast, topic, raw="Too hasty."), await cast.bob()
    await delete_post(bob, await seen(bob, reply))
    tombstone = (await cards_of_page(topic.id, 1))[1]
    assert tombstone.deleted
    assert tombstone.cooked == ""
    assert (await again(bob, topic)).posts_count == 1
    with pytest.raises(NotFound):
        await post_visible_to(await cast.eve(), reply.id)
    await recover_post(bob, await seen(bob, reply))
    assert "Too hasty." in (await cards_of_page(topic.id, 1))[1].cooked
    assert (await again(bob, topic)).posts_count == 2


async def test_what_a_moderator_deleted_its_author_cannot_bring_back(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, mod, bob = await a_reply(cast, topic), await cast.mod(), await cast.bob()
    await delete_post(mod, await seen(mod, reply))
    with pytest.raises(Forbidden):
        await recover_post(bob, await seen(bob, reply))


async def test_the_number_of_a_deleted_reply_is_never_given_again(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, bob = await a_reply(cast, topic), await cast.bob()
    await delete_post(bob, await seen(bob, reply))
    assert (await a_reply(cast, topic)).number == 3


async def test_whoever_writes_more_than_the_site_allows_is_asked_to_wait_and_keeps_the_text(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    await change_setting(await cast.ada(), "posts_in_ten_minutes", "2")
    bob = await signed_in(site, "bob")
    for n in range(2):
        sent = await bob.post(f"/t/{topic.id}/posts", raw=f"Answer number {n}, in short.")
        assert sent.status_code == 303
    refused = await bob.post(f"/t/{topic.id}/posts", raw="One more, to be kept.")
    assert refused.status_code == 429
    assert "One more, to be kept." in refused.text
    assert int(refused.headers["retry-after"]) > 0

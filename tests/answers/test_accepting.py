"""The asker marks the answers that settled the question."""

import asyncio

import pytest

from forum.answers.actions import accept_answer, unaccept_answer
from forum.errors import Conflict, Forbidden
from forum.posts.actions import delete_post, recover_post, revise_post
from forum.posts.queries import cards_of_page, post_visible_to
from forum.topics.queries import accepted_links
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen


async def test_alice_accepts_two_answers_and_takes_one_back(cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    one, two = await a_reply(cast, topic), await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, one))
    await accept_answer(alice, await seen(alice, two))
    assert [link.number for link in await accepted_links(topic.id)] == [2, 3]
    assert (await again(alice, topic)).accepted_count == 2
    await unaccept_answer(alice, await seen(alice, one))
    assert [link.number for link in await accepted_links(topic.id)] == [3]


async def test_only_the_asker_or_staff_accept(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, bob, eve = await a_reply(cast, topic), await cast.bob(), await cast.eve()
    for stranger in (bob, eve):
        with pytest.raises(Forbidden):
            await accept_answer(stranger, await seen(stranger, reply))
    mod = await cast.mod()
    await accept_answer(mod, await seen(mod, reply))


async def test_the_question_itself_is_no_answer(cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    first = (await cards_of_page(topic.id, 1))[0]
    with pytest.raises(Forbidden):
        await accept_answer(alice, await post_visible_to(alice, first.id))


async def test_an_accepted_answer_edited_later_says_so(cast: Cast) -> None:
    topic, alice, bob = await a_question(cast), await cast.alice(), await cast.bob()
    reply = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    await revise_post(bob, await seen(bob, reply), "Corrected figures.", reason="", version=1)
    accepted = (await cards_of_page(topic.id, 1))[1].accepted
    assert accepted is not None
    assert (accepted.by_name, accepted.version, accepted.edited_since) == ("Alice", 1, True)


async def test_a_deleted_answer_no_longer_solves_until_it_is_back(cast: Cast) -> None:
    topic, alice, bob = await a_question(cast), await cast.alice(), await cast.bob()
    reply = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    await delete_post(bob, await seen(bob, reply))
    assert not (await again(alice, topic)).solved
    assert await accepted_links(topic.id) == []
    await recover_post(bob, await seen(bob, reply))
    assert (await again(alice, topic)).solved


async def test_accepting_an_answer_deleted_a_moment_ago_is_told(cast: Cast) -> None:
    topic, alice, bob = await a_question(cast), await cast.alice(), await cast.bob()
    reply = await a_reply(cast, topic)
    before = await seen(alice, reply)
    await delete_post(bob, await seen(bob, reply))
    with pytest.raises(Conflict):
        await accept_answer(alice, before)


async def test_a_hundred_parallel_acceptances_are_one(cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    post = await seen(alice, await a_reply(cast, topic))
    await asyncio.gather(*(accept_answer(alice, post) for _click in range(100)))
    assert (await again(alice, topic)).accepted_count == 1
    assert (await cast.bob()).unread == 1

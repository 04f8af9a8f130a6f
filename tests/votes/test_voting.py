"""Votes are set, exact, and never on one's own post."""

import asyncio
from importlib import import_module
from types import SimpleNamespace

import pytest
from tortoise.context import require_context

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.errors import Forbidden, Invalid, NotFound
from forum.posts.queries import post_visible_to
from forum.votes.actions import set_vote
from realtime.sql import CONNECTION, sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen


async def test_alice_finds_bobs_reply_useful(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast)), await cast.alice()
    assert await set_vote(alice, await seen(alice, reply), 1) == 1


async def test_voting_twice_counts_once_and_a_change_of_mind_counts_fully(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast)), await cast.alice()
    post = await seen(alice, reply)
    assert [await set_vote(alice, post, value) for value in (1, 1, -1, 0, 0)] == [1, 1, -1, 0, 0]


async def test_nobody_votes_on_their_own_post(cast: Cast) -> None:
    reply, bob = await a_reply(cast, await a_question(cast)), await cast.bob()
    with pytest.raises(Forbidden):
        await set_vote(bob, await seen(bob, reply), 1)


async def test_a_vote_is_plus_one_minus_one_or_nothing(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast)), await cast.alice()
    with pytest.raises(Invalid):
        await set_vote(alice, await seen(alice, reply), 2)


async def test_eve_cannot_vote_where_she_cannot_see(cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    reply = await a_reply(cast, topic)
    with pytest.raises(NotFound):
        await post_visible_to(await cast.eve(), reply.id)


async def test_a_hundred_parallel_votes_are_all_counted_and_only_once(cast: Cast) -> None:
    reply, crowd = await a_reply(cast, await a_question(cast)), []
    for n in range(20):
        user = await create_user(f"clerk{n}", None, None)
        viewer = await viewer_of_id(user.id, "en")
        assert viewer is not None
        crowd.append(viewer)
    post = await seen(crowd[0], reply)
    await asyncio.gather(*(set_vote(voter, post, 1) for voter in crowd for _click in range(5)))
    rows = await sql(
        "SELECT score, up_count, (SELECT COUNT(*) FROM votes WHERE post_id = {0}) AS n FROM posts"
        " WHERE id = {0}",
        reply.id,
    )
    assert rows == [{"score": 20, "up_count": 20, "n": 20}]


async def test_a_hundred_of_the_same_vote_are_one(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast)), await cast.alice()
    post = await seen(alice, reply)
    assert set(await asyncio.gather(*(set_vote(alice, post, 1) for _click in range(100)))) == {1}
    rows = await sql(
        "SELECT score, up_count, (SELECT COUNT(*) FROM votes WHERE post_id = {0}) AS n FROM posts"
        " WHERE id = {0}",
        reply.id,
    )
    assert rows == [{"score": 1, "up_count": 1, "n": 1}]


async def test_votes_of_before_topics_counted_them_are_counted(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast)), await cast.alice()
    await set_vote(alice, await seen(alice, reply), 1)
    await sql("UPDATE topics SET like_count = 0")
    migration = import_module("forum.migrations.0030_useful_counts")
    await migration.count_useful_votes(
        None, SimpleNamespace(client=require_context().connections.get(CONNECTION))
    )
    assert await sql("SELECT like_count FROM topics") == [{"like_count": 1}]

"""A program that does not know whether its post went through sends it again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from httpx2 import AsyncClient

from forum.clock import now, set_clock
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, again


async def reply(program: AsyncClient, topic_id: int, key: str, raw: str = "Only once.") -> int:
    """Reply with this key; the post's id."""
    answer = await program.post(
        "/posts.json", json={"topic_id": topic_id, "raw": raw}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


@pytest.fixture
def tomorrow() -> Iterator[timedelta]:
    """Lets a test move the clock by a day and a minute; it is right again afterwards."""
    yield timedelta(days=1, minutes=1)
    set_clock(None)


async def test_bobs_retry_is_answered_with_the_first_post_whatever_it_says_now(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob:
        first = await reply(bob, topic.id, "k", "The first text.")
        assert await reply(bob, topic.id, "k", "Another text.") == first
        assert (await bob.get(f"/posts/{first}.json")).json()["raw"] == "The first text."
    assert (await again(await cast.bob(), topic)).posts_count == 2


async def test_alice_asks_once_though_her_program_asks_twice(site: str, cast: Cast) -> None:
    question = {
        "title": "Who cooks for sixty children?",
        "raw": "We look for advice.",
        "category": cast.theme.id,
    }
    async with program_of(site, "alice") as alice:
        answers = [
            (await alice.post("/posts", data=question, headers={"Idempotency-Key": "ask"})).json()
            for _n in range(2)
        ]
        assert answers[0] == answers[1]
        listed = (await alice.get("/latest.json")).json()["topic_list"]["topics"]
    assert [topic["id"] for topic in listed] == [answers[0]["topic_id"]]


async def test_two_long_keys_that_begin_alike_make_two_posts(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob:
        assert await reply(bob, topic.id, "k" * 400 + "1") != await reply(bob, topic.id, "k" * 400 + "2")


async def test_alice_and_bob_may_choose_the_same_key(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "alice") as alice, program_of(site, "bob") as bob:
        assert await reply(alice, topic.id, "same") != await reply(bob, topic.id, "same")


async def test_a_key_serves_again_after_a_day_and_then_once(
    site: str, cast: Cast, tomorrow: timedelta
) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob:
        yesterdays = await reply(bob, topic.id, "daily")
        later = now() + tomorrow
        set_clock(lambda: later)
        todays = await reply(bob, topic.id, "daily")
        assert todays != yesterdays
        assert await reply(bob, topic.id, "daily") == todays


async def test_a_refused_post_leaves_its_key_free(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob:
        headers = {"Idempotency-Key": "k"}
        refused = await bob.post("/posts.json", json={"topic_id": topic.id, "raw": "  "}, headers=headers)
        assert refused.status_code == 422
        await reply(bob, topic.id, "k", "A text this time.")
    assert (await again(await cast.bob(), topic)).posts_count == 2


async def test_the_retry_is_answered_though_the_topic_was_closed_meanwhile(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob, program_of(site, "mod") as mod:
        first = await reply(bob, topic.id, "k")
        closed = await mod.put(f"/t/{topic.id}/status", data={"status": "closed", "enabled": "true"})
        assert closed.status_code == 200
        assert await reply(bob, topic.id, "k") == first

"""Bob has lost the right, Eve never had it: from that moment on they hear the same, to the letter."""

import re
from collections.abc import Awaitable, Callable

import pytest

from forum.answers.actions import accept_answer
from forum.posts.actions import delete_post, revise_post
from forum.topics.actions import (
    delete_topic,
    move_topic,
    open_topic,
    recover_topic,
    revise_topic,
    set_closed,
)
from forum.topics.queries import TopicCard
from forum.votes.actions import set_vote
from tests.cast import Cast
from tests.factories import a_question, a_reply, a_theme_like, again, seen
from tests.rights.ears import Ear, Room
from tests.rights.test_losses import bob_leaves, the_theme_gets_another_group
from tests.waiting import until

SECRET = "Only for those who stayed"
LOSSES: dict[str, Callable[[Cast, TopicCard], Awaitable[None]]] = {
    "he leaves the group": bob_leaves,
    "the theme has another group": the_theme_gets_another_group,
}


async def life_goes_on(cast: Cast, topic: TopicCard) -> None:
    """Everything that happens to a topic, where only some may look; and beside it, something for all."""
    archive = await a_theme_like(topic.category_id)
    ada, alice = await cast.ada(), await cast.alice()
    reply = await a_reply(cast, topic, alice, raw=f"{SECRET}: a reply for @bob and @eve.")
    await revise_post(alice, await seen(alice, reply), f"{SECRET}, revised.", reason="", version=1)
    await set_vote(ada, await seen(ada, reply), 1)
    await accept_answer(alice, await seen(alice, reply))
    await revise_topic(alice, await again(alice, topic), f"{SECRET}, retitled", ["whispers"])
    await set_closed(ada, await again(ada, topic), True)
    await set_closed(ada, await again(ada, topic), False)
    await delete_post(alice, await seen(alice, reply))
    await open_topic(alice, topic.category_id, "question", f"{SECRET}, asked", SECRET)
    await delete_topic(ada, await again(ada, topic))
    await recover_topic(ada, await again(ada, topic))
    await a_question(cast, alice, title="For everybody to read")
    await move_topic(ada, await again(ada, topic), archive.id)
    await move_topic(ada, await again(ada, topic), topic.category_id)
    await a_reply(cast, await again(alice, topic), alice, raw=f"{SECRET}: the last reply.")
    await a_question(cast, alice, title="The end of it")


async def asks_for_all(ear: Ear, topic: TopicCard, since: dict[str, object]) -> None:
    """Try every door to the topic and its theme, with the position of old, then listen to what is open."""
    ear.asked = 100
    for channel in (f"topic:{topic.id}", f"category:{topic.category_id}"):
        for method in ("subscribe", "history", "presence", "presence_stats"):
            await ear.say(method, channel=channel, **(since if method == "subscribe" else {"limit": -1}))
    await ear.say("history", channel="latest", limit=-1)
    await ear.say("subscribe", channel="latest", recover=True)


def heard(ear: Ear, had: int, user_id: int) -> list[str]:
    """The lines since then, less the member's own channel, and whose connection it is."""
    lines = [line for line in ear.lines[had:] if line.push.get("channel") != f"user:{user_id}"]
    texts = [line.text for line in lines if '"pong":true' not in line.text]
    return [re.sub(r'"client":"[0-9a-f]+"', "", text) for text in texts]


@pytest.mark.parametrize("name", LOSSES)
async def test_whoever_lost_the_right_hears_what_one_hears_who_never_had_it(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    topic = await a_question(cast, private=True)
    stays, bob, eve = await room.member("alice"), await room.member("bob"), await room.member("eve")
    joined = await bob.subscribe(f"topic:{topic.id}")
    await bob.subscribe(f"category:{topic.category_id}")
    await LOSSES[name](cast, topic)
    await until(lambda: len(bob.ends(f"topic:{topic.id}") + bob.ends(f"category:{cast.private.id}")) == 2)
    await stays.subscribe("latest")
    people = [(bob, cast.ids["bob"]), (eve, cast.ids["eve"])]
    had = [len(await ear.everything()) for ear, _id in people]
    since = {"recover": True, "offset": joined["offset"], "epoch": joined["epoch"]}
    for ear, _id in people:
        await asks_for_all(ear, topic, since)
    await life_goes_on(cast, topic)
    for ear, _id in people:
        await until(lambda: len(ear.publications("latest", "topic.created")) == 2)  # noqa: B023
        await asks_for_all(ear, topic, since)
        await ear.say("history", channel="latest", limit=-1)
    new = [await room.member(who) for who in ("bob", "eve")]
    for ear in new:
        await asks_for_all(ear, topic, since)

    bobs, eves = [heard(ear, n, id) for (ear, id), n in zip(people, had, strict=True)]
    assert bobs == eves
    again_bob, again_eve = [
        heard(ear, 1, cast.ids[who]) for ear, who in zip(new, ("bob", "eve"), strict=True)
    ]
    assert again_bob == again_eve
    told = "\n".join(line.text for ear, n in ((bob, had[0]), (new[0], 0)) for line in ear.lines[n:])
    assert SECRET not in told
    assert "whispers" not in told


async def test_a_list_does_not_tell_even_the_numbers_of_what_it_has_lost_sight_of(
    site: str, cast: Cast, room: Room
) -> None:
    """What was told while a topic was open to all is told to nobody who comes later, but that it left."""
    topic = await a_question(cast)
    alice = await cast.alice()
    reply = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    await move_topic(await cast.ada(), topic, cast.private.id)
    await a_question(cast, title="Still for everybody")
    for wishes in ({}, {"data": {"patches": False}}):
        eve = await room.member("eve", **wishes)
        joined = await eve.subscribe("latest", recover=True)
        told = [pub["data"] for pub in joined["publications"]]
        assert [data["kind"] for data in told] == [
            "topic.created", "post.created", "answer.accepted", "topic.moved", "topic.created",
        ]  # fmt: skip
        assert [set(data) - {"kind", "patches"} for data in told[:3]] == [set()] * 3
        assert told[3]["topic_id"] == topic.id
        assert "category_id" not in told[3]
        assert [data.get("patches", []) for data in told[:3]] == [[]] * 3

"""Each way of losing a right: who loses it hears nothing from then on, who keeps it misses nothing."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from forum.categories.actions import set_category_groups
from forum.categories.models import Permission
from forum.groups.actions import add_member, create_group, leave_group, remove_member
from forum.groups.queries import group_numbered
from forum.posts.actions import revise_post
from forum.posts.models import Post
from forum.topics.actions import delete_topic, move_topic, recover_topic, set_closed
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.rights.ears import Ear, Room, in_time
from tests.waiting import until

SECRET = "What was said after they had left"
Step = Callable[[Cast, TopicCard], Awaitable[None]]


async def the_group(cast: Cast) -> int:
    rows = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    return int(rows[0]["id"])


async def bob_leaves(cast: Cast, topic: TopicCard) -> None:
    assert await remove_member(await cast.ada(), await the_group(cast), cast.ids["bob"])


async def bob_leaves_by_himself(cast: Cast, topic: TopicCard) -> None:
    bob = await cast.bob()
    assert await leave_group(bob, await group_numbered(bob, await the_group(cast)))


async def bob_returns(cast: Cast, topic: TopicCard) -> None:
    assert await add_member(await cast.ada(), await the_group(cast), cast.ids["bob"])


async def the_theme_gets_another_group(cast: Cast, topic: TopicCard) -> None:
    ada = await cast.ada()
    inner = await create_group(ada, "inner-circle")
    await add_member(ada, inner, cast.ids["alice"])
    await set_category_groups(await cast.ada(), topic.category_id, {inner: Permission.CREATE})


async def the_theme_gets_its_group_back(cast: Cast, topic: TopicCard) -> None:
    group = await the_group(cast)
    await set_category_groups(await cast.ada(), topic.category_id, {group: Permission.CREATE})


async def the_theme_is_restricted(cast: Cast, topic: TopicCard) -> None:
    group = await the_group(cast)
    await set_category_groups(await cast.ada(), topic.category_id, {group: Permission.CREATE})


async def the_theme_is_opened(cast: Cast, topic: TopicCard) -> None:
    await set_category_groups(await cast.ada(), topic.category_id, {})


async def the_topic_moves_away(cast: Cast, topic: TopicCard) -> None:
    await move_topic(await cast.ada(), topic, cast.private.id)


async def the_topic_moves_back(cast: Cast, topic: TopicCard) -> None:
    ada = await cast.ada()
    await move_topic(ada, await again(ada, topic), cast.theme.id)


async def the_topic_is_deleted(cast: Cast, topic: TopicCard) -> None:
    await delete_topic(await cast.mod(), topic)


async def the_topic_is_recovered(cast: Cast, topic: TopicCard) -> None:
    mod = await cast.mod()
    await recover_topic(mod, await again(mod, topic))


@dataclass(frozen=True)
class Loss:
    """What happens, to whom, and how it is undone. `private`: whether only the group saw the topic before."""

    happens: Step
    undone: Step
    losers: tuple[str, ...]
    keepers: tuple[str, ...]
    private: bool = False
    category: bool = True


LOSSES = {
    "a member leaves": Loss(bob_leaves_by_himself, bob_returns, ("bob",), ("alice", "ada"), private=True),
    "a group is left": Loss(bob_leaves, bob_returns, ("bob",), ("alice", "ada"), private=True),
    "a theme has another group": Loss(
        the_theme_gets_another_group, the_theme_gets_its_group_back, ("bob",), ("alice", "ada"), private=True
    ),
    "a theme is restricted": Loss(
        the_theme_is_restricted, the_theme_is_opened, ("visitor", "eve", "mod"), ("alice", "bob", "ada")
    ),
    "a topic moves": Loss(
        the_topic_moves_away,
        the_topic_moves_back,
        ("visitor", "eve", "mod"),
        ("alice", "bob", "ada"),
        category=False,
    ),
    "a topic is deleted": Loss(
        the_topic_is_deleted,
        the_topic_is_recovered,
        ("visitor", "eve", "alice", "bob"),
        ("mod", "ada"),
        category=False,
    ),
}


@dataclass
class Scene:
    """A topic that all of them hear, and where it stood before it happened."""

    topic: TopicCard
    losers: list[Ear]
    keepers: list[Ear]
    offset: int
    epoch: str

    @property
    def channel(self) -> str:
        return f"topic:{self.topic.id}"

    @property
    def theme(self) -> str:
        return f"category:{self.topic.category_id}"

    async def both_hear(self, number: int) -> None:
        """The post of this number has come to everyone who may hear it."""
        await until(lambda: all(number in ear.posts(self.channel) for ear in self.keepers))


async def set_scene(cast: Cast, room: Room, loss: Loss) -> Scene:
    topic = await a_question(cast, private=loss.private)
    await a_reply(cast, topic)
    losers = [await room.somebody(name) for name in loss.losers]
    keepers = [await room.somebody(name) for name in loss.keepers]
    for ear in (*losers, *keepers):
        joined = await ear.subscribe(f"topic:{topic.id}")
        assert (await ear.subscribe(f"category:{topic.category_id}"))["recoverable"]
    return Scene(topic, losers, keepers, joined["offset"], joined["epoch"])


async def writes(cast: Cast, topic: TopicCard) -> int:
    """Something is said where only Alice, Bob and Ada (and for a deleted topic nobody) may look."""
    author = await cast.alice()
    if not (await again(await cast.ada(), topic)).deleted:
        return (await a_reply(cast, await again(author, topic), author, raw=SECRET)).number
    # Nobody replies in a deleted topic; a fact about it is told to those who still see it.
    async with log.transaction() as record:
        (row,) = await sql(
            "UPDATE topics SET highest_post_number = highest_post_number + 1 WHERE id = {0}"
            " RETURNING highest_post_number AS number",
            topic.id,
        )
        post = await Post.create(
            topic_id=topic.id, user_id=author.id, post_number=row["number"], source=SECRET, cooked=SECRET
        )
        ids = {"topic_id": topic.id, "post_id": post.id, "post_number": row["number"]}
        record(f"topic:{topic.id}", "post.created", **ids)
    return int(row["number"])


@pytest.mark.parametrize("name", LOSSES)
async def test_cve_2024_53867_whoever_loses_a_right_hears_nothing_more_and_whoever_keeps_it_misses_nothing(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    loss = LOSSES[name]
    scene = await set_scene(cast, room, loss)
    await a_reply(cast, scene.topic, await cast.alice(), raw="Before.")
    await until(lambda: all(ear.posts(scene.channel) == [3] for ear in (*scene.losers, *scene.keepers)))
    heard_before = [len(ear.lines) for ear in scene.losers]

    await loss.happens(cast, scene.topic)
    began = time.monotonic()
    first = await writes(cast, scene.topic)  # the very next transaction
    second = await writes(cast, scene.topic)

    await scene.both_hear(second)
    assert all(ear.posts(scene.channel) == [3, first, second] for ear in scene.keepers)
    assert all(not ear.ends(scene.channel) and not ear.ends(scene.theme) for ear in scene.keepers)
    ended = [(ear, scene.channel) for ear in scene.losers]
    if loss.category:
        ended += [(ear, scene.theme) for ear in scene.losers]
    await in_time(began, *ended)
    for ear, before in zip(scene.losers, heard_before, strict=True):
        assert ear.closed is None, "the rest of what they hear goes on"
        assert ear.posts(scene.channel) == [3]
        news = "\n".join(line.text for line in (await ear.everything())[before:])
        assert SECRET not in news
        assert f'"post_number":{first}' not in news


@pytest.mark.parametrize("name", LOSSES)
async def test_coming_back_after_the_loss_is_answered_as_for_a_topic_that_never_was(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    loss = LOSSES[name]
    scene = await set_scene(cast, room, loss)
    await loss.happens(cast, scene.topic)
    await writes(cast, scene.topic)
    await until(lambda: all(ear.ends(scene.channel) for ear in scene.losers))
    since = {"recover": True, "offset": scene.offset, "epoch": scene.epoch}
    for who, ear in zip(loss.losers, scene.losers, strict=True):
        for visit in (ear, await room.somebody(who)):  # the connection that they had, and a new one
            for method, wishes in (
                ("subscribe", since), ("subscribe", {}), ("subscribe", {"recover": True}),
                ("history", {"limit": -1}), ("history", {"limit": 1, "reverse": True}), ("presence", {}),
                ("presence_stats", {}), ("publish", {"data": {}}),
            ):  # fmt: skip
                there = await visit.say_as(77, method, channel=scene.channel, **wishes)
                absent = await visit.say_as(77, method, channel="topic:987654", **wishes)
                assert there == absent, (who, method)
                assert there == '{"id":77,"error":{"code":103,"message":"permission denied"}}'


@pytest.mark.parametrize("name", LOSSES)
async def test_a_right_that_comes_back_works_again_and_brings_what_was_missed(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    loss = LOSSES[name]
    scene = await set_scene(cast, room, loss)
    await loss.happens(cast, scene.topic)
    missed = await writes(cast, scene.topic)
    await until(lambda: all(ear.ends(scene.channel) for ear in scene.losers))
    await loss.undone(cast, scene.topic)
    since = {"recover": True, "offset": scene.offset, "epoch": scene.epoch}
    for ear in scene.losers:
        back = await ear.subscribe(scene.channel, **since)
        assert back["recovered"] is True
        assert [pub["offset"] for pub in back["publications"]] == list(
            range(scene.offset + 1, back["offset"] + 1)
        )
        # What this process had not read yet when they came back follows as a push.
        told = [pub["data"] for pub in back["publications"] if pub["data"]["kind"] == "post.created"]
        recovered = [data["post_number"] for data in told]
        await until(lambda: missed in [*recovered, *ear.posts(scene.channel)])  # noqa: B023
    after = await a_reply(cast, await again(await cast.alice(), scene.topic), await cast.alice())
    await until(lambda: all(after.number in ear.posts(scene.channel) for ear in scene.losers))


async def test_closing_a_topic_ends_nothing_for_those_who_read_it(site: str, cast: Cast, room: Room) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    ears = [await room.somebody(who) for who in ("visitor", "eve", "alice", "mod")]
    for ear in ears:
        await ear.subscribe(f"topic:{topic.id}")
    await set_closed(await cast.mod(), topic, True)
    mod = await cast.mod()
    await revise_post(mod, await seen(mod, reply), "Put right by a moderator.", reason="", version=1)
    await until(lambda: all(ear.publications(f"topic:{topic.id}", "post.revised") for ear in ears))
    assert all(ear.publications(f"topic:{topic.id}", "topic.closed") for ear in ears)
    assert all(not ear.ends(f"topic:{topic.id}") for ear in ears)

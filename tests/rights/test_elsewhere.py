"""The change is made elsewhere: by a command, or at another worker. It takes effect here all the same."""

import asyncio
import os
import sys
import time

import pytest
from httpx2 import AsyncClient

from forum.api.keys import create_key
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.commands.test_workers import Crew
from tests.factories import a_question, a_reply, again
from tests.people import signed_in
from tests.rights.ears import Ear, Room, closed_in_time, in_time
from tests.rights.test_losses import LOSSES
from tests.waiting import until

SECRET = "Said at another worker"
EARS = 10

# Bob leaves the group, and in the very next transaction Alice writes; when it happened is said.
STRANGER = """
import asyncio, sys, time
from forum.accounts.queries import viewer_of_user
from forum.console import the_keeper
from forum.database import close_database, open_database
from forum.groups.actions import remove_member
from forum.groups.queries import id_of_group
from forum.markdown import Cooker
from forum.posts.actions import reply_to_topic
from forum.topics.queries import topic_visible_to

async def main(url, topic_id, user_id):
    await open_database(url)
    async with Cooker():
        group, alice = await id_of_group("school-meals"), await viewer_of_user("alice", "en")
        topic = await topic_visible_to(alice, int(topic_id))
        await remove_member(await the_keeper(), group, int(user_id))
        print(time.monotonic())
        await reply_to_topic(alice, topic, "Said at another worker")
    await close_database()

asyncio.run(main(*sys.argv[1:]))
"""


async def a_stranger(database_url: str, topic: TopicCard, cast: Cast) -> float:
    """Run it; when the change was committed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STRANGER, database_url, str(topic.id), str(cast.ids["bob"]),
        env={**os.environ, "RELAIS_ENV": os.devnull}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _err = await process.communicate()
    assert process.returncode == 0
    return float(out)


async def heard_nothing(ears: list[Ear], channel: str) -> None:
    for ear in ears:
        assert ear.posts(channel) == []
        assert SECRET not in "\n".join(line.text for line in await ear.everything())


async def test_what_another_process_changes_takes_effect_before_what_it_writes_next(
    site: str, cast: Cast, room: Room, database_url: str
) -> None:
    topic = await a_question(cast, private=True)
    channel = f"topic:{topic.id}"
    alice, bob = await room.member("alice"), await room.member("bob")
    for ear in (alice, bob):
        await ear.subscribe(channel)
    began = await a_stranger(database_url, topic, cast)
    await until(lambda: alice.posts(channel) == [2])
    await in_time(began, (bob, channel))
    await heard_nothing([bob], channel)
    assert alice.ends(channel) == []


async def crowd(hall: Room, name: str, channel: str) -> list[Ear]:
    """So many connections of one person that both workers have some."""
    ears = [await hall.somebody(name) for _n in range(EARS)]
    for ear in ears:
        assert (await ear.subscribe(channel))["recoverable"]
    return ears


@pytest.mark.postgres
async def test_a_change_made_at_one_worker_takes_effect_at_both_before_what_is_written_next(
    crew: Crew,
    cast: Cast,
    hall: Room,
    database_url: str,
) -> None:
    topic, key = await a_question(cast), await create_key("alice")
    channel = f"topic:{topic.id}"
    losers, keepers = await crowd(hall, "eve", channel), await crowd(hall, "alice", channel)
    assert min(crew.sockets()) > 6, "one worker has everybody"
    ada = await signed_in(crew.address, "ada")
    began = time.monotonic()
    moved = await ada.post(f"/t/{topic.id}/category", category_id=str(cast.private.id))
    assert moved.status_code == 303
    async with AsyncClient(base_url=crew.address, headers={"Api-Key": key}) as program:
        answer = await program.post("/posts.json", json={"topic_id": topic.id, "raw": SECRET})
    assert answer.status_code == 200
    await until(lambda: all(ear.posts(channel) == [2] for ear in keepers))
    await in_time(began, *((ear, channel) for ear in losers))
    await heard_nothing(losers, channel)
    assert all(not ear.ends(channel) for ear in keepers)
    for method in ("subscribe", "history", "presence"):
        for ear in losers:
            there = await ear.say_as(9, method, channel=channel)
            assert there == await ear.say_as(9, method, channel="topic:987654")


@pytest.mark.postgres
async def test_a_change_by_a_command_takes_effect_at_both_workers(
    crew: Crew,
    cast: Cast,
    hall: Room,
    database_url: str,
) -> None:
    """A command knows no Redis: each worker finds it by itself."""
    topic = await a_question(cast, private=True)
    channel = f"topic:{topic.id}"
    losers, keepers = await crowd(hall, "bob", channel), await crowd(hall, "alice", channel)
    assert min(crew.sockets()) > 6, "one worker has everybody"
    began = await a_stranger(database_url, topic, cast)
    await until(lambda: all(ear.posts(channel) == [2] for ear in keepers))
    await in_time(began, *((ear, channel) for ear in losers))
    await heard_nothing(losers, channel)


@pytest.mark.postgres
async def test_signing_out_at_one_worker_ends_what_is_open_at_both(
    crew: Crew,
    cast: Cast,
    hall: Room,
) -> None:
    topic = await a_question(cast, private=True)
    channel = f"topic:{topic.id}"
    losers, keepers = await crowd(hall, "bob", channel), await crowd(hall, "alice", channel)
    began = time.monotonic()
    async with AsyncClient(base_url=crew.address, cookies={"relais": hall.cookies["bob"]}) as bob:
        await bob.post("/session/deletion", headers={"Sec-Fetch-Site": "same-origin"})
    reply = await a_reply(cast, topic, await cast.alice(), raw=SECRET)
    await closed_in_time(began, 3500, *losers)
    await until(lambda: all(ear.posts(channel) == [reply.number] for ear in keepers))
    for ear in losers:
        assert SECRET not in "\n".join(line.text for line in ear.lines)


@pytest.mark.postgres
@pytest.mark.parametrize("name", LOSSES)
async def test_a_right_that_comes_back_works_at_both_workers(
    crew: Crew,
    cast: Cast,
    hall: Room,
    name: str,
) -> None:
    loss = LOSSES[name]
    topic = await a_question(cast, private=loss.private)
    channel = f"topic:{topic.id}"
    ears = await crowd(hall, loss.losers[-1], channel)
    await loss.happens(cast, topic)
    await until(lambda: all(ear.ends(channel) for ear in ears))
    await loss.undone(cast, topic)

    async def is_let_in(ear: Ear) -> bool:
        return "recoverable" in await ear.subscribe(channel)

    assert all([await is_let_in(ear) for ear in ears])
    reply = await a_reply(cast, await again(await cast.alice(), topic), await cast.alice())
    await until(lambda: all(ear.posts(channel) == [reply.number] for ear in ears))

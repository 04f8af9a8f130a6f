"""What the official Python SDK finds at Relais itself, at one process or at two workers (`forum_address`)."""

import pytest
from centrifuge import ReplyError, StreamPosition

from bench.faults.proxy import Proxy
from forum.api.keys import create_key
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in
from tests.realtime.sdk_person import Person
from tests.servers.keeper import free_port
from tests.waiting import until


async def a_program(address: str, username: str) -> Person:
    """Somebody's program: it comes with a key of all users, and says on whose behalf."""
    data = {"username": username, "patches": False}
    return Person(address, token=await create_key(None), data=data)


async def test_replies_missed_in_a_cut_come_once_and_in_order(forum_address: str, cast: Cast) -> None:
    topic = await a_question(cast)
    port = int(forum_address.rsplit(":", 1)[1])
    async with Proxy(port) as proxy, Person(proxy.address) as visitor:
        _subscription, ears = await visitor.listens(f"topic:{topic.id}")
        replies = [await a_reply(cast, topic)]
        await until(lambda: len(ears.heard) == 1)
        proxy.target = free_port()
        for line in list(proxy.lines):
            line.reset()
        replies += [await a_reply(cast, topic) for _n in range(5)]
        proxy.target = port
        await until(lambda: len(ears.heard) == 6)
        replies.append(await a_reply(cast, topic))
        await until(lambda: len(ears.heard) == 7)
    assert [data["post_id"] for data in ears.heard] == [reply.id for reply in replies]
    assert ears.offsets == [ears.offsets[0] + n for n in range(7)]
    assert ears.subscribed[1].recovered is True


async def test_the_past_of_a_topic_is_read(forum_address: str, cast: Cast) -> None:
    topic = await a_question(cast)
    channel = f"topic:{topic.id}"
    replies = [await a_reply(cast, topic) for _n in range(3)]
    async with Person(forum_address, data={"patches": False}) as visitor:
        end = await visitor.client.history(channel, limit=0)
        assert end.publications == []
        start = StreamPosition(offset=end.offset - 3, epoch=end.epoch)
        past = await visitor.client.history(channel, limit=2, since=start)
        assert [pub.data["post_id"] for pub in past.publications] == [reply.id for reply in replies[:2]]
        last = await visitor.client.history(channel, limit=1, reverse=True)
        assert [pub.data["post_id"] for pub in last.publications] == [replies[2].id]


async def test_what_is_not_offered_or_not_allowed_is_refused(forum_address: str, cast: Cast) -> None:
    topic, hidden = await a_question(cast), await a_question(cast, private=True)
    channel, secret = f"topic:{topic.id}", f"topic:{hidden.id}"
    async with await a_program(forum_address, "eve") as eve:
        for wish, code in (
            (eve.client.publish(channel, "hello"), "103"),
            (eve.client.presence(channel), "108"),
            (eve.client.presence_stats(channel), "108"),
            (eve.client.rpc("nothing", {}), "10[48]"),
            (eve.client.history(secret, limit=-1), "103"),
            (eve.client.history(f"user:{cast.ids['alice']}", limit=-1), "103"),
        ):
            with pytest.raises(ReplyError, match=code):
                await wish
        refused = eve.client.new_subscription(secret)
        ends: list[int] = []

        async def on_unsubscribed(ctx: object) -> None:
            ends.append(ctx.code)  # type: ignore[attr-defined]

        refused.events.on_unsubscribed = on_unsubscribed
        await refused.subscribe()
        await until(lambda: ends == [103])
        await eve.listens(channel)


async def test_a_member_hears_of_what_concerns_them_without_asking(forum_address: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with await a_program(forum_address, "alice") as alice:
        await until(lambda: bool(alice.ears.subscribed))
        assert [ctx.channel for ctx in alice.ears.subscribed] == [f"user:{cast.ids['alice']}"]
        await a_reply(cast, topic)
        await until(lambda: [data["kind"] for data in alice.ears.heard] == ["notification.changed"])


async def test_a_wrong_key_ends_the_connection_for_good(forum_address: str, cast: Cast) -> None:
    eve = Person(forum_address, token="not a key")
    await eve.client.connect()
    await until(lambda: eve.gone_for_good)
    assert eve.ears.ends[-1] == 3500


async def test_who_signs_out_is_gone_for_good(forum_address: str, cast: Cast) -> None:
    alice = await signed_in(forum_address, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with Person(forum_address, headers={"Cookie": cookie, "Origin": forum_address}) as page:
        await until(lambda: bool(page.ears.subscribed))
        await alice.post("/session/deletion")
        await until(lambda: page.gone_for_good)
        assert page.ears.ends[-1] == 3500
    await alice.client.aclose()

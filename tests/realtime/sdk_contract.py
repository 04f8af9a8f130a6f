"""What the official Python SDK finds at the open example, whatever serves it: shell, database, workers.

Alice (42) and Bob (7) may be at different workers.
"""

import time

import pytest
from centrifuge import ReplyError, StreamPosition

from bench.faults.proxy import Proxy
from realtime.examples import tokens
from realtime.examples.open import SECRET
from tests.realtime.open_site import OpenSite
from tests.realtime.sdk_person import Person
from tests.servers.keeper import free_port
from tests.waiting import until


async def test_it_connects_and_leaves(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42") as alice, Person(open_site.second) as visitor:
        assert alice.ears.connected
        assert alice.ears.version
        assert visitor.ears.connected != alice.ears.connected
    assert alice.gone_for_good


async def test_everyone_hears_what_one_publishes_once_and_in_order(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42") as alice, Person(open_site.second, "7") as bob:
        talk, heard_by_alice = await alice.listens(open_site.talk)
        _bobs, heard_by_bob = await bob.listens(open_site.talk)
        for n in range(20):
            await talk.publish({"n": n})
        for ears in (heard_by_alice, heard_by_bob):
            await until(lambda ears=ears: len(ears.heard) == 20)
            assert ears.heard == [{"n": n} for n in range(20)]
            assert ears.offsets == list(range(1, 21))


async def test_a_program_publishes_by_http_with_the_key_alone(open_site: OpenSite) -> None:
    async with Person(open_site.first) as visitor:
        _talk, ears = await visitor.listens(open_site.talk)
        assert (await open_site.publish(open_site.talk, "no", key="another")).status_code == 401
        for no_channel in ("", "x" * 256, "a\0", "$rights", 5):
            assert (await open_site.publish(no_channel, "no")).status_code == 400
        assert (await open_site.publish(open_site.talk, {"hello": [1, "é", None]})).json()["result"][
            "offset"
        ] == 1
        await until(lambda: ears.heard == [{"hello": [1, "é", None]}])


async def test_what_was_missed_in_a_cut_comes_once_and_in_order(open_site: OpenSite) -> None:
    port = int(open_site.first.rsplit(":", 1)[1])
    async with Proxy(port) as proxy, Person(proxy.address, "42") as alice:
        _talk, ears = await alice.listens(open_site.talk)
        await open_site.publish(open_site.talk, 1)
        await until(lambda: ears.heard == [1])
        proxy.target = free_port()
        for line in list(proxy.lines):
            line.reset()
        for n in range(2, 12):
            await open_site.publish(open_site.talk, n)
        proxy.target = port
        await until(lambda: len(ears.heard) == 11)
        await open_site.publish(open_site.talk, 12)
        await until(lambda: len(ears.heard) == 12)
        assert ears.heard == list(range(1, 13))
        assert [was.recovered for was in ears.subscribed] == [False, True]


async def test_from_the_beginning_comes_what_is_kept(open_site: OpenSite) -> None:
    async def nothing_known(channel: str) -> StreamPosition:
        return StreamPosition(offset=0, epoch="")

    for n in range(1, 6):
        await open_site.publish(open_site.talk, n)
        await open_site.publish(open_site.small, n)
    async with Person(open_site.first) as visitor:
        _talk, ears = await visitor.listens(open_site.talk, get_state=nothing_known)
        await until(lambda: ears.heard == [1, 2, 3, 4, 5])
        _small, small = await visitor.listens(open_site.small, get_state=nothing_known)
        await until(lambda: small.heard == [4, 5])


async def test_a_position_that_is_lost_is_told_and_nothing_partial_comes(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42") as alice:
        talk, ears = await alice.listens(open_site.small)
        await open_site.publish(open_site.small, 1)
        await until(lambda: ears.heard == [1])
        await talk.unsubscribe()
        for n in range(2, 6):
            await open_site.publish(open_site.small, n)
        await talk.subscribe()
        await until(lambda: len(ears.subscribed) == 2)
        assert (ears.subscribed[1].recovered, ears.subscribed[1].was_recovering) == (False, True)
        await open_site.publish(open_site.small, 6)
        await until(lambda: ears.heard == [1, 6])


async def test_whoever_refuses_half_a_story_reads_its_state_again(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42") as alice:
        states: list[int] = []

        async def state(channel: str) -> StreamPosition:
            now = await alice.client.history(channel, limit=0)
            states.append(now.offset)
            return StreamPosition(offset=now.offset, epoch=now.epoch)

        talk, ears = await alice.listens(open_site.small, get_state=state)
        await talk.unsubscribe()
        for n in range(1, 6):
            await open_site.publish(open_site.small, n)
        await talk.subscribe()
        await until(lambda: len(ears.subscribed) == 2)
        assert states == [0, 5]
        assert ears.heard == []


async def test_the_past_is_read_forward_backward_and_in_pages(open_site: OpenSite) -> None:
    for n in range(1, 6):
        await open_site.publish(open_site.talk, n)
    async with Person(open_site.first) as visitor:
        position = await visitor.client.history(open_site.talk, limit=0)
        assert (position.publications, position.offset) == ([], 5)
        first = StreamPosition(offset=2, epoch=position.epoch)
        reads = {
            "all": visitor.client.history(open_site.talk, limit=-1),
            "two": visitor.client.history(open_site.talk, limit=2),
            "next": visitor.client.history(open_site.talk, limit=2, since=first),
            "backward": visitor.client.history(open_site.talk, limit=-1, reverse=True),
            "before": visitor.client.history(open_site.talk, limit=-1, reverse=True, since=first),
        }
        found = {
            name: [(p.offset, p.data) for p in (await read).publications] for name, read in reads.items()
        }
        assert found == {
            "all": [(n, n) for n in range(1, 6)],
            "two": [(1, 1), (2, 2)],
            "next": [(3, 3), (4, 4)],
            "backward": [(n, n) for n in range(5, 0, -1)],
            "before": [(1, 1)],
        }
        with pytest.raises(ReplyError, match="112"):
            await visitor.client.history(
                open_site.talk, limit=1, since=StreamPosition(offset=1, epoch="other")
            )


async def test_the_past_ends_where_recovery_does(open_site: OpenSite) -> None:
    for n in range(1, 6):
        await open_site.publish(open_site.small, n)
    async with Person(open_site.first) as visitor:
        for reverse, expected in ((False, [4, 5]), (True, [5, 4])):
            past = await visitor.client.history(open_site.small, limit=-1, reverse=reverse)
            assert [publication.data for publication in past.publications] == expected
        page = await visitor.client.history(open_site.small, limit=1)
        assert [publication.data for publication in page.publications] == [4]


async def test_presence_counts_clients_and_the_people_behind_them(open_site: OpenSite) -> None:
    people = (Person(open_site.first, "42"), Person(open_site.second, "42"), Person(open_site.second, "7"))
    async with people[0] as alice, people[1] as alice_at_home, people[2] as bob:
        for person in people:
            talk, _ears = await person.listens(open_site.talk)

        async def all_there() -> bool:
            stats = await alice.client.presence_stats(open_site.talk)
            return (stats.num_clients, stats.num_users) == (3, 2)

        await until(all_there)
        there = (await alice.client.presence(open_site.talk)).clients
        assert {client: info.user for client, info in there.items()} == {
            alice.ears.connected[0]: "42", alice_at_home.ears.connected[0]: "42", bob.ears.connected[0]: "7",
        }  # fmt: skip
        assert (await talk.presence_stats()).num_clients == 3


async def test_those_who_are_there_see_others_come_and_go_and_themselves_come(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42") as alice:
        _talk, ears = await alice.listens(open_site.talk)
        await until(lambda: ears.came == alice.ears.connected)
        async with Person(open_site.second, "7") as bob:
            talk, _ears = await bob.listens(open_site.talk)
            await until(lambda: ears.came == [alice.ears.connected[0], bob.ears.connected[0]])
            await talk.unsubscribe()
            await until(lambda: ears.left == bob.ears.connected)
        async with Person(open_site.second, "7") as bob:
            await bob.listens(open_site.talk)
        await until(lambda: ears.left[1:] == bob.ears.connected)


async def test_nobody_hears_reads_or_fills_anothers_personal_channel(open_site: OpenSite) -> None:
    async with Person(open_site.first, "7") as bob, Person(open_site.first) as visitor:
        for person in (bob, visitor):
            for wish in (
                person.client.publish("#42", 1),
                person.client.history("#42", limit=1),
                person.client.presence("#42"),
                person.client.presence_stats("#42"),
            ):
                with pytest.raises(ReplyError, match="103"):
                    await wish
        subscription = bob.client.new_subscription("#42")
        await subscription.subscribe()
        await until(lambda: str(subscription.state).endswith("UNSUBSCRIBED"))
        assert not bob.gone_for_good


async def test_a_member_has_a_channel_of_their_own_without_asking(open_site: OpenSite) -> None:
    port = int(open_site.first.rsplit(":", 1)[1])
    async with Proxy(port) as proxy, Person(proxy.address, "42") as alice:
        await until(lambda: alice.ears.came == alice.ears.connected)
        assert [ctx.channel for ctx in alice.ears.subscribed] == ["#42"]
        await alice.client.publish("#42", "to myself")
        await until(lambda: alice.ears.heard == ["to myself"])
        proxy.target = free_port()
        for line in list(proxy.lines):
            line.reset()
        await open_site.publish("#42", "while away")
        proxy.target = port
        await until(lambda: alice.ears.heard == ["to myself", "while away"])
        assert alice.ears.subscribed[-1].recovered is True


async def test_a_method_that_nobody_offers_is_refused(open_site: OpenSite) -> None:
    async with Person(open_site.first) as visitor:
        with pytest.raises(ReplyError, match="108"):
            await visitor.client.rpc("anything", {"a": 1})


async def test_a_bad_token_ends_the_connection_for_good(open_site: OpenSite) -> None:
    for token in ("nonsense", tokens.sign({"sub": "42"}, "another secret"), "a.b.c", "é", "{}.{}.{}"):
        eve = Person(open_site.first, token=token)
        await eve.client.connect()
        await until(lambda eve=eve: eve.gone_for_good)
        assert eve.ears.ends[-1] == 3500


@pytest.mark.parametrize("fault", ["another channel", "another user", "no channel", "not ours"])
async def test_a_bad_subscription_token_costs_the_subscription_alone(open_site: OpenSite, fault: str) -> None:
    token = {
        "another channel": tokens.sign({"sub": "42", "channel": "other"}, SECRET),
        "another user": tokens.sign({"sub": "7", "channel": open_site.talk}, SECRET),
        "no channel": tokens.sign({"sub": "42"}, SECRET),
        "not ours": tokens.sign({"sub": "42", "channel": open_site.talk}, "another secret"),
    }[fault]
    async with Person(open_site.first, "42") as alice:
        subscription = alice.client.new_subscription(open_site.talk, token=token)
        ends: list[int] = []

        async def on_unsubscribed(ctx: object) -> None:
            ends.append(ctx.code)  # type: ignore[attr-defined]

        subscription.events.on_unsubscribed = on_unsubscribed
        await subscription.subscribe()
        await until(lambda: ends == [103])
        good = tokens.sign({"sub": "42", "channel": "other"}, SECRET)
        await alice.listens("other", token=good)
        assert not alice.gone_for_good


async def test_a_subscription_token_that_has_expired_is_asked_for_again(open_site: OpenSite) -> None:
    lifetimes = [-1.0, 60.0]

    async def token(channel: str) -> str:
        expires = time.time() + lifetimes.pop(0)
        return tokens.sign({"sub": "42", "channel": channel, "exp": expires}, SECRET)

    async with Person(open_site.first, "42") as alice:
        _talk, ears = await alice.listens(open_site.talk, get_token=token)
        assert lifetimes == []
        assert ears.subscribed


async def test_a_connection_lives_on_with_newer_tokens(open_site: OpenSite) -> None:
    async with Person(open_site.first, "42", lifetime=1.5) as alice:
        await until(lambda: alice.asked >= 2)
        assert (await alice.client.presence("#42")).clients
        assert len(alice.ears.connected) == 1


async def test_who_comes_with_an_expired_token_brings_another(open_site: OpenSite) -> None:
    alice = Person(open_site.first, "42", lifetime=-1.0)
    await alice.client.connect()
    await until(lambda: alice.asked >= 2)
    assert alice.ears.connected == []
    alice.lifetime = None
    await alice.client.ready()
    await alice.client.disconnect()

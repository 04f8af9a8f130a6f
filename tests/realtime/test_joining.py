"""On the way into a channel: nobody stands half inside, and nobody is seen who was not let in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from realtime import joining, log
from realtime.connection import Connection
from realtime.examples.open import authenticate, kept, running
from realtime.hub import Hub
from realtime.policies import Handshake, Identity, MayHear, Namespace, Policies
from realtime.protocol.codes import ErrorReply
from realtime.protocol.messages import Since
from realtime.publishing import publish
from tests.realtime.test_rights import Line
from tests.waiting import until

LOST = '{"id":2,"subscribe":{"channel":"talk","recover":true,"offset":0,"epoch":"another","flag":2}}'


async def nobody(channel: str) -> MayHear:
    return lambda identity: False


async def not_there(channel: str) -> MayHear:
    raise OSError("the database is away")


async def a_member(handshake: Handshake, token: str, data: Any) -> Identity:
    return Identity("42", channels=("open", token))


@pytest.fixture
async def hub(db: None) -> AsyncIterator[Hub]:
    """The open example's, without sockets."""
    async with running(Hub(Policies(authenticate, {"": kept(100)}))) as hub:
        yield hub


async def arrives(hub: Hub, token: str = "") -> tuple[Connection, Line]:
    """Somebody connects."""
    line = Line()
    connection = Connection(hub, line, Handshake({}, "127.0.0.1", True))  # type: ignore[arg-type]
    connection.receive(f'{{"id":1,"connect":{{"token":"{token}"}}}}')
    await until(lambda: bool(line.heard or line.closed))
    return connection, line


async def test_who_cannot_be_made_whole_is_not_seen_to_come_or_go(hub: Hub) -> None:
    alice, heard = await arrives(hub)
    alice.receive('{"id":2,"subscribe":{"channel":"talk"}}')
    await until(lambda: "join" in str(heard.heard))
    bob, refused = await arrives(hub)
    bob.receive(LOST)
    await until(lambda: refused.errors() == [112])
    await publish("talk", "afterwards")
    await until(lambda: heard.publications() == [1])
    pushes = [set(message["push"]) - {"channel"} for message in heard.heard if "push" in message]
    assert pushes == [{"join"}, {"pub"}], "her own arrival, and what was published"
    assert len(hub.roster.present("talk")) == 1


async def test_who_has_gone_before_being_announced_is_not_announced(hub: Hub) -> None:
    alice, heard = await arrives(hub)
    alice.receive('{"id":2,"subscribe":{"channel":"talk"}}')
    await until(lambda: "join" in str(heard.heard))
    bob, line = await arrives(hub)

    def hang_up(message: object) -> bool:
        bob.lost()
        return True

    line.send = hang_up  # type: ignore[method-assign, assignment]
    bob.receive('{"id":2,"subscribe":{"channel":"talk"}}')
    await until(lambda: bob not in hub.sockets)
    await publish("talk", "afterwards")
    await until(lambda: heard.publications() == [1])
    assert str(heard.heard).count("'join'") == 1
    assert hub.roster.present("talk").keys() == {alice.client}


async def test_a_channel_that_nobody_could_join_is_forgotten(hub: Hub) -> None:
    bob, refused = await arrives(hub)
    bob.receive(LOST)
    await until(lambda: refused.errors() == [112])
    assert hub.channels == {}
    assert bob.subscriptions == {}


async def test_one_who_is_refused_does_not_take_the_channel_away_from_one_who_joins(hub: Hub) -> None:
    bob, _refused = await arrives(hub)
    alice, heard = await arrives(hub)
    lost, joined = await asyncio.gather(
        joining.subscribe(hub, bob, "talk", Since(0, "another"), all_or_error=True),
        joining.subscribe(hub, alice, "talk", None),
        return_exceptions=True,
    )
    assert isinstance(lost, ErrorReply)
    assert not isinstance(joined, BaseException)
    joined.begin()
    assert hub.channels["talk"] is not None
    await publish("talk", "hello")
    await until(lambda: heard.publications() == [1])


@pytest.mark.parametrize("channel", ["closed", "broken"])
async def test_who_cannot_be_given_its_own_channels_comes_back_later(
    hub: Hub, channel: str, caplog: pytest.LogCaptureFixture
) -> None:
    open_to_all = kept(100)
    namespaces = {"open": open_to_all, "closed": Namespace(nobody), "broken": Namespace(not_there)}
    elsewhere = Hub(Policies(a_member, namespaces))
    _member, line = await arrives(elsewhere, token=channel)
    assert (line.heard, line.closed) == ([], (3004, "internal server error"))
    assert not elsewhere.connections
    assert elsewhere.channels == {}


async def test_what_is_forgotten_is_so_also_while_the_channel_is_being_read(db: None) -> None:
    encoding, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(event: log.Event, variant: object) -> bytes:
        encoding.set()
        await go_on.wait()
        return b"{}"

    async with running(Hub(Policies(authenticate, {"": replace(kept(2), encode=slowly)}))) as hub:
        carol, _line = await arrives(hub)
        alice, heard = await arrives(hub)
        start = await joining.subscribe(hub, carol, "talk", None)
        for n in range(5):
            await publish("talk", n)
            await encoding.wait()
        back = await joining.subscribe(hub, alice, "talk", Since(1, start.epoch))
        assert (back.recovered, back.missed) == (False, ())
        back.begin()
        go_on.set()
        await until(lambda: heard.publications()[-1:] == [5])


async def test_who_joins_a_channel_that_never_stands_still_is_answered_and_misses_nothing(db: None) -> None:
    async def moves_on(event: log.Event, variant: object) -> bytes:
        """Each time that something is read, something more is written."""
        if event.offset < 40:
            await publish("talk", event.offset)
        return b"{}"

    async with running(Hub(Policies(authenticate, {"": replace(kept(100), encode=moves_on)}))) as hub:
        carol, _line = await arrives(hub)
        alice, heard = await arrives(hub)
        start = await joining.subscribe(hub, carol, "talk", None)
        start.begin()
        await publish("talk", "first")
        await until(lambda: hub.channels["talk"].cursor > 1)
        back = await joining.subscribe(hub, alice, "talk", Since(0, start.epoch))
        assert back.recovered
        assert back.offset < 40, "it was not made to wait for the end"
        assert len(back.missed) == back.offset
        back.begin()
        await until(lambda: heard.publications()[-1:] > [40])
        heard_numbers = heard.publications()
        assert heard_numbers == list(range(back.offset + 1, heard_numbers[-1] + 1))


async def test_who_heard_more_on_another_worker_waits_for_nobody(hub: Hub) -> None:
    carol, _line = await arrives(hub)
    alice, heard = await arrives(hub)
    start = await joining.subscribe(hub, carol, "talk", None)
    start.begin()
    busy = asyncio.create_task(asyncio.Event().wait())
    channel = hub.channels["talk"]
    # A pump that is always reading, and has not come to what the other worker told.
    channel.pump = busy  # type: ignore[assignment]
    await publish("talk", "heard elsewhere")
    back = await asyncio.wait_for(joining.subscribe(hub, alice, "talk", Since(1, start.epoch)), 5)
    assert (back.offset, back.recovered, back.missed) == (1, True, ())
    back.begin()
    busy.cancel()
    channel.pump = None
    await publish("talk", "next")
    await until(lambda: heard.publications() == [2])


async def test_who_claims_more_than_the_log_holds_is_told_to_refresh(hub: Hub) -> None:
    alice, _heard = await arrives(hub)
    await publish("talk", "hello")
    start = await joining.subscribe(hub, alice, "talk", None)
    hub.leave(alice, "talk")
    back = await joining.subscribe(hub, alice, "talk", Since(7, start.epoch))
    assert (back.offset, back.recovered, back.missed) == (1, False, ())

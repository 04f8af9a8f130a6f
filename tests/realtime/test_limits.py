"""Each limit that a client may meet, answered by the protocol's own code, by both shells."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from realtime.examples import tokens
from realtime.examples.open import SECRET
from realtime.policies import Limits
from tests.realtime.open_site import OpenSite, here
from tests.realtime.raw import TEXT, Raw, command, connected, frame, handshake, raw
from tests.waiting import until

Open = Callable[..., Awaitable[OpenSite]]


@pytest.fixture(params=["below ASGI", "over ASGI"])
async def opened(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Open]:
    """Opens the example with other limits than the usual ones."""
    async with AsyncExitStack() as stack:

        async def open_it(**limits: int) -> OpenSite:
            below = request.param == "below ASGI"
            return await stack.enter_async_context(
                here(database_url, below_asgi=below, limits=Limits(**limits))
            )

        yield open_it


async def ask(client: Raw, id: int, method: str, **params: Any) -> Any:
    """The result of a command, or the code of its error."""
    await client.say(command(id, method, **params))
    answer = await client.answer(id)
    return answer["error"]["code"] if "error" in answer else answer[method]


async def test_commands_a_second(opened: Open) -> None:
    site = await opened(commands_per_second=10)
    async with connected(site.first) as client:
        await client.say(b"".join(command(n, "ping") for n in range(2, 14)))
        answers = [await client.answer(n) for n in range(2, 14)]
        refusal = {"code": 111, "message": "too many requests", "temporary": True}
        assert [answer.get("error") for answer in answers] == [None] * 9 + [refusal] * 3
        await until(lambda: may_go_on(client))


async def may_go_on(client: Raw) -> bool:
    return await ask(client, 99, "ping") == {}


@pytest.mark.parametrize("message", [b'{"id":2,"ping":{}}', b"{}"])
async def test_whoever_goes_on_is_cut_off_and_may_come_back(opened: Open, message: bytes) -> None:
    site = await opened(commands_per_second=10)
    async with connected(site.first) as client:
        await client.say(frame(TEXT, b"\n".join([message] * 200)))
        while (found := await client.next_frame())[0] == TEXT:
            """An answer, or a refusal."""
        assert int.from_bytes(found[1][:2], "big") == 3013


async def test_subscriptions_of_a_connection(opened: Open) -> None:
    site = await opened(subscriptions=2)
    async with connected(site.first) as client:
        found = [await ask(client, n, "subscribe", channel=f"talk-{n}") for n in range(2, 5)]
        assert found[2] == 106
        assert await ask(client, 5, "subscribe", channel="talk-2") == 105
        assert await ask(client, 6, "unsubscribe", channel="talk-2") == {}
        assert "epoch" in await ask(client, 7, "subscribe", channel="talk-4")


async def test_connections_of_a_person(opened: Open) -> None:
    site = await opened(connections_per_user=2)
    token = tokens.sign({"sub": "42"}, SECRET)
    async with AsyncExitStack() as room:
        clients = [await room.enter_async_context(arrived(site)) for _n in range(4)]
        assert [await greeted(client, token) for client in clients[:3]] == [0, 0, 3504]
        assert await greeted(clients[3], tokens.sign({"sub": "7"}, SECRET)) == 0
        assert await clients[0].end_by_us() == 1000
        assert site.hub is not None
        await until(lambda: len(site.hub.connections) == 2)  # type: ignore[union-attr]
        async with arrived(site) as again:
            assert await greeted(again, token) == 0


async def test_connections_from_an_address(opened: Open) -> None:
    site = await opened(connections_per_address=2)
    async with AsyncExitStack() as room:
        clients = [await room.enter_async_context(arrived(site)) for _n in range(3)]
        assert [await greeted(client, "") for client in clients] == [0, 0, 3504]


async def test_channels_that_the_host_itself_gives(opened: Open) -> None:
    """Of a client that asks for nothing there is no command to refuse: its connection ends."""
    site = await opened(subscriptions=0)
    async with arrived(site) as member, arrived(site) as visitor:
        assert await greeted(member, tokens.sign({"sub": "42"}, SECRET)) == 3505
        assert await greeted(visitor, "") == 0


def arrived(site: OpenSite) -> Any:
    return raw(site.first)


async def greeted(client: Raw, token: str) -> int:
    """Connect: 0, or the code with which the server says goodbye."""
    await client.say(handshake())
    assert await client.status() == 101
    await client.say(command(1, "connect", token=token))
    opcode, data = await client.next_frame()
    return 0 if opcode == TEXT else int.from_bytes(data[:2], "big")


@pytest.mark.parametrize(
    "method", ["subscribe", "publish", "history", "presence", "presence_stats", "unsubscribe"]
)
async def test_names_of_channels(opened: Open, method: str) -> None:
    site = await opened()
    async with connected(site.first) as client:
        assert isinstance(await ask(client, 2, method, channel="é" * 255, data=1), dict)
        for n, name in enumerate(("é" * 256, "", "talk\0", 5, None, ["talk"]), 3):
            assert await ask(client, n, method, channel=name, data=1) == 107


async def test_size_and_depth_of_what_is_published(opened: Open) -> None:
    site = await opened(published_bytes=1000)
    deep: Any = 1
    for _n in range(500):
        deep = [deep]
    async with connected(site.first) as client:
        assert await ask(client, 2, "publish", channel="talk", data="x" * 998) == {}
        assert await ask(client, 3, "publish", channel="talk", data="x" * 999) == 107
        assert await ask(client, 4, "publish", channel="talk", data=deep) == 107
        assert (await ask(client, 5, "history", channel="talk", limit=-1))["offset"] == 1


async def test_length_of_a_history(opened: Open) -> None:
    site = await opened(history=5)
    for n in range(1, 9):
        await site.publish("talk", n)
    async with connected(site.first) as client:
        for id, (limit, reverse, expected) in enumerate(
            [(-1, False, [1, 2, 3, 4, 5]), (100, True, [8, 7, 6, 5, 4]), (0, False, []), (2, True, [8, 7])], 2
        ):
            past = await ask(client, id, "history", channel="talk", limit=limit, reverse=reverse)
            assert [publication["data"] for publication in past.get("publications", [])] == expected
            assert past["offset"] == 8


async def test_length_of_a_recovery(opened: Open) -> None:
    site = await opened(recovered=5)
    async with connected(site.first) as client:
        start = await ask(client, 2, "subscribe", channel="talk")
        await ask(client, 3, "unsubscribe", channel="talk")
        for n in range(1, 7):
            await site.publish("talk", n)
        for id, (offset, recovered) in enumerate([(1, True), (0, False)], 4):
            back = await ask(
                client, 2 * id, "subscribe", channel="talk", recover=True, offset=offset, epoch=start["epoch"]
            )
            assert (back["recovered"], len(back["publications"])) == (recovered, 5 if recovered else 0)
            await ask(client, 2 * id + 1, "unsubscribe", channel="talk")


async def test_a_wrong_line_among_others_costs_itself_alone(opened: Open) -> None:
    site = await opened()
    lines = [
        {"id": 2, "ping": {}},
        {"id": 3, "subscribe": {"channel": 5}},
        {"id": 4, "history": {"channel": "talk", "limit": "all"}},
        {"id": 5, "publish": {"channel": "talk", "data": 1}},
        {"id": 6, "rpc": {"method": "x"}},
        {"id": 7, "sub_refresh": {"channel": "talk", "token": "x"}},
        {"id": 8, "history": {"channel": "talk", "limit": 1}},
    ]
    async with connected(site.first) as client:
        await client.say(frame(TEXT, "\n".join(map(json.dumps, lines)).encode()))
        answers = [await client.answer(n) for n in range(2, 9)]
        codes = [answer["error"]["code"] if "error" in answer else 0 for answer in answers]
        assert codes == [0, 107, 107, 0, 108, 108, 0]
        assert answers[-1]["history"]["publications"][0]["data"] == 1


async def test_who_asks_more_than_64_things_at_once_is_read_no_further(opened: Open) -> None:
    count = 12_000
    site = await opened(commands_per_second=10 * count)
    assert site.hub is not None
    async with connected(site.first) as client:
        (connection,) = site.hub.connections
        one = command(2, "history", channel="talk")
        asking = asyncio.create_task(client.say(one * count))
        most = 0
        for _n in range(count):
            assert "history" in await client.answer(2)
            most = max(most, connection.session.waiting)
        await asking
        assert 0 < most <= 64 + 256 * 1024 // len(one)


async def test_a_socket_that_says_nothing(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    site = await opened()
    async with raw(site.first) as silent, raw(site.first) as slow:
        for client in (silent, slow):
            await client.say(handshake())
            assert await client.status() == 101
        await slow.say(command(1, "connect")[:-3])
        monkeypatch.setattr("realtime.protocol.session.STALE_SECONDS", 0.1)
        assert await silent.end() == 3502
        assert await slow.end() == 3502


async def test_a_client_that_does_not_answer_pings(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    site = await opened()
    async with connected(site.first) as silent, connected(site.first) as half:
        await half.say(command(1, "ping")[:-3])
        monkeypatch.setattr("realtime.protocol.session.PING_SECONDS", 0)
        monkeypatch.setattr("realtime.protocol.session.PONG_SECONDS", 0.1)
        for client in (silent, half):
            assert await client.next_frame() == (TEXT, b"{}")
            assert await client.end() == 3012


async def test_who_answers_pings_stays(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    site = await opened()
    async with connected(site.first) as client:
        monkeypatch.setattr("realtime.protocol.session.PING_SECONDS", 0)
        monkeypatch.setattr("realtime.protocol.session.PONG_SECONDS", 1.5)
        for _n in range(2):
            assert await client.next_frame() == (TEXT, b"{}")
            await client.say(frame(TEXT, b"{}"))
        assert await ask(client, 2, "ping") == {}

"""Live, over real sockets: heard once, in order, also after a cut; refused alike; the official SDK."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest
from centrifuge import Client, SubscriptionEventHandler
from centrifuge.contexts import PublicationContext, SubscribedContext
from starlette.datastructures import Headers
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from forum.api.keys import create_key
from forum.app import Relais
from realtime import log
from realtime.handshake import read_handshake
from realtime.policies import Handshake, Identity, Policies
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in
from tests.waiting import until

# Names that stand for nobody.
NOWHERE = (
    "",
    "topic",
    "topic:",
    "topic:0",
    "user:",
    "user:0",
    "nowhere",
    "nowhere:1",
    "latest:1",
    "*",
    "topic:*",
)


class Socket:
    """A client that speaks the protocol by hand."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.ids, self.pushes = socket, 0, []

    async def ask(self, method: str, /, **params: Any) -> dict[str, Any]:
        """Send a command; its reply. Pushes that come before are kept."""
        self.ids += 1
        await self.socket.send(json.dumps({"id": self.ids, method: params}))
        while True:
            for message in await self._messages():
                if message.get("id") == self.ids:
                    return message
                self.pushes.append(message)

    async def next_push(self) -> dict[str, Any]:
        """The next push, waiting for it."""
        while not self.pushes:
            self.pushes += await self._messages()
        return self.pushes.pop(0)["push"]

    async def _messages(self) -> list[dict[str, Any]]:
        async with asyncio.timeout(20):
            text = await self.socket.recv()
        return [json.loads(line) for line in str(text).split("\n")]


def live(site: str, **headers: str) -> connect:
    return connect(
        site.replace("http", "ws") + "/connection/websocket", additional_headers=headers, compression=None
    )


async def test_the_official_sdk_hears_a_reply(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    heard: list[dict[str, Any]] = []
    ready = asyncio.Event()

    class Handler(SubscriptionEventHandler):
        async def on_subscribed(self, ctx: SubscribedContext) -> None:
            ready.set()

        async def on_publication(self, ctx: PublicationContext) -> None:
            heard.append(ctx.pub.data)

    client = Client(site.replace("http", "ws") + "/connection/websocket")
    await client.connect()
    subscription = client.new_subscription(f"topic:{topic.id}", events=Handler())
    await subscription.subscribe()
    async with asyncio.timeout(20):
        await ready.wait()
    reply = await a_reply(cast, topic, raw="Heard by the SDK.")
    await until(lambda: bool(heard))
    await client.disconnect()
    assert heard[0]["kind"] == "post.created"
    assert heard[0]["post_id"] == reply.id
    assert "Heard by the SDK." in heard[0]["patches"][0]["html"]


async def test_what_was_missed_comes_once_and_in_order(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    channel = f"topic:{topic.id}"
    async with live(site) as first:
        alice = Socket(first)
        await alice.ask("connect")
        start = (await alice.ask("subscribe", channel=channel))["subscribe"]
    replies = [await a_reply(cast, topic) for _n in range(5)]
    async with live(site) as second:
        alice = Socket(second)
        await alice.ask("connect")
        back = await alice.ask(
            "subscribe", channel=channel, recover=True, offset=start["offset"], epoch=start["epoch"]
        )
        await a_reply(cast, topic)
        push = await alice.next_push()
    missed = back["subscribe"]["publications"]
    assert back["subscribe"]["recovered"] is True
    assert [pub["data"]["post_id"] for pub in missed] == [reply.id for reply in replies]
    assert [pub["offset"] for pub in missed] == [start["offset"] + n for n in range(1, 6)]
    assert push["pub"]["offset"] == start["offset"] + 6


async def test_many_joining_while_others_write_miss_nothing(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    channel, bob = f"topic:{topic.id}", await cast.bob()
    position = (await log.positions([channel]))[channel]

    async def listener(after: int) -> list[int]:
        async with live(site) as socket:
            client = Socket(socket)
            await client.ask("connect")
            await until(lambda: written >= after)
            joined = await client.ask(
                "subscribe", channel=channel, recover=True, offset=position.offset, epoch=position.epoch
            )
            offsets = [pub["offset"] for pub in joined["subscribe"]["publications"]]
            while not offsets or offsets[-1] < position.offset + 40:
                offsets.append((await client.next_push())["pub"]["offset"])
            return offsets

    written = 0
    listeners = [asyncio.create_task(listener(n)) for n in range(0, 40, 2)]
    for n in range(40):
        await a_reply(cast, topic, bob, raw=f"Reply {n} of forty.")
        written = n + 1
    expected = [position.offset + n for n in range(1, 41)]
    assert all(found == expected for found in await asyncio.gather(*listeners))


async def test_a_lost_position_is_told_and_nothing_partial_comes(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with live(site) as socket:
        client = Socket(socket)
        await client.ask("connect")
        answer = await client.ask(
            "subscribe", channel=f"topic:{topic.id}", recover=True, offset=0, epoch="other"
        )
        again = await client.ask("subscribe", channel="latest", recover=True, offset=0, epoch="other", flag=2)
    assert answer["subscribe"]["recovered"] is False
    assert answer["subscribe"]["publications"] == []
    assert again["error"]["code"] == 112


@pytest.mark.parametrize("who", ["visitor", "eve"])
async def test_discourse_pr_40913_a_private_channel_answers_exactly_as_one_that_does_not_exist(
    site: str, cast: Cast, who: str
) -> None:
    """And CVE-2023-45131: a refusal tells nothing."""
    hidden = await a_question(cast, private=True)
    await a_reply(cast, hidden)
    epoch = (await log.positions([f"topic:{hidden.id}"]))[f"topic:{hidden.id}"].epoch
    headers = {}
    if who == "eve":
        eve = await signed_in(site, "eve")
        headers = {"Cookie": f"relais={eve.client.cookies['relais']}", "Origin": site}
    async with live(site, **headers) as socket:
        client = Socket(socket)
        await client.ask("connect")
        answers = [
            (await client.ask(method, channel=name, **wishes))["error"]
            for name in (
                f"topic:{hidden.id}", f"category:{cast.private.id}", f"user:{cast.ids['alice']}",
                "topic:99999", "topic:0", "topic:-1", "topic:x", "nothing", "nothing:1", "topic:", "latest:1",
                "topic:01",
            )
            for method, wishes in (
                ("subscribe", {}), ("subscribe", {"recover": True, "offset": 0, "epoch": epoch}),
                ("history", {"limit": -1, "since": {"offset": 0, "epoch": epoch}}), ("presence", {}),
            )
        ]  # fmt: skip
        assert answers == [{"code": 103, "message": "permission denied"}] * len(answers)
        await a_reply(cast, hidden, raw="Between clerks.")
        await client.ask("subscribe", channel="latest")
        await a_question(cast)
        assert (await client.next_push())["channel"] == "latest", "of the private reply, nothing has come"


async def test_alices_badge_arrives_on_her_own_channel(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    alice = await signed_in(site, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with live(site, Cookie=cookie, Origin=site) as socket:
        client = Socket(socket)
        connected = await client.ask("connect")
        assert list(connected["connect"]["subs"]) == [f"user:{cast.ids['alice']}"]
        await a_reply(cast, topic)
        push = await client.next_push()
    assert push["channel"] == f"user:{cast.ids['alice']}"
    assert push["pub"]["data"]["kind"] == "notification.changed"
    assert ">1<" in push["pub"]["data"]["patches"][0]["html"]


async def test_nodebb_11573_a_cookie_without_origin_does_not_count_and_a_foreign_origin_is_refused(
    site: str, cast: Cast
) -> None:
    """And CVE-2023-2850, GHSA-f53g-frr2-jhpf."""
    alice = await signed_in(site, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with live(site, Cookie=cookie) as socket:
        assert "subs" not in (await Socket(socket).ask("connect"))["connect"]
    host = site.removeprefix("http://")
    port = host.rpartition(":")[2]
    for origin in (
        "https://evil.example", "null", "", site + ".evil.example", f"http://evil.{host}", "http://127.0.0.1:1",
        f"http://{host}@evil.example", f"http://evil.example/{host}", f"http://evil.example?{host}", host,
        f"{site}, https://evil.example", f"http://localhost:{port}", f"{site}/", f"{site}?a", f"{site}#",
        f"ftp://{host}", f"ws://{host}", f"//{host}", f"http://eve@{host}", f"{site}0", "http://127.0.0.1",
        f"http://127.0.0.1.:{port}", f"http://[::1]:{port}", f"http://[::ffff:127.0.0.1]:{port}", "NULL",
        f"http://{host}\\@evil.example",
    ):  # fmt: skip
        with pytest.raises(InvalidStatus) as refused:
            async with live(site, Cookie=cookie, Origin=origin):
                pass
        assert refused.value.response.status_code == 403, origin
    async with live(site, Cookie=cookie, Origin=site) as socket:
        assert list((await Socket(socket).ask("connect"))["connect"]["subs"]) == [f"user:{cast.ids['alice']}"]


async def nobody(handshake: Handshake, token: str, wishes: Any) -> Identity:
    """Not asked: a handshake is read before anybody is recognised."""
    raise AssertionError


def test_a_page_that_came_unprotected_is_another_site_s_where_the_site_is_protected() -> None:
    """The name is the same, the scheme is compared too: whoever sits on the line wrote that page."""
    policies = Policies(nobody, {}, secure=True)
    for origin, counts in (("https://relais.example.org", True), ("http://relais.example.org", False)):
        found = read_handshake(Headers({"host": "relais.example.org", "origin": origin}), "::1", policies)
        assert (found is not None and found.cookies_count) == counts


async def test_discourse_pr_42965_what_is_told_without_an_audience_is_told_to_nobody(
    site: str, cast: Cast
) -> None:
    """Alice and Ada hear the topic, the list and themselves; a visitor the list."""
    topic = await a_question(cast)
    heard = {}
    async with AsyncExitStack() as stack:
        for who in ("alice", "ada", "visitor"):
            sent = {"Origin": site}
            if who != "visitor":
                sent["Cookie"] = f"relais={(await signed_in(site, who)).client.cookies['relais']}"
            heard[who] = client = Socket(await stack.enter_async_context(live(site, **sent)))
            await client.ask("connect")
            for channel in ("latest", f"topic:{topic.id}", *NOWHERE):
                refused = "error" in await client.ask("subscribe", channel=channel)
                assert refused == (channel in NOWHERE), channel
        async with log.transaction() as record:
            for channel in NOWHERE:
                record(channel, "post.created", topic_id=topic.id, post_id=1, post_number=1)
        async with log.transaction() as record:
            record("latest", "topic.revised", topic_id=topic.id)
        for client in heard.values():
            assert (await client.next_push())["channel"] == "latest", "nothing came before"


async def test_a_program_listens_with_its_key_and_without_markup(site: str, cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    async with live(site) as socket:
        client = Socket(socket)
        key = await create_key(None)
        await client.ask("connect", token=key, data={"username": "bob", "patches": False})
        await client.ask("subscribe", channel=f"topic:{topic.id}")
        reply = await a_reply(cast, topic)
        push: dict[str, Any] = {}
        while push.get("channel") != f"topic:{topic.id}":
            push = await client.next_push()
    assert push["pub"]["data"] == {
        "kind": "post.created", "topic_id": topic.id, "post_id": reply.id, "post_number": 2,
    }  # fmt: skip
    async with live(site) as socket:
        with pytest.raises(ConnectionClosed) as end:
            await Socket(socket).ask("connect", token="not a key")
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 3500


async def test_signing_out_closes_the_socket_for_good(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with live(site, Cookie=cookie, Origin=site) as socket:
        await Socket(socket).ask("connect")
        await alice.post("/session/deletion")
        with pytest.raises(ConnectionClosed) as end:
            async with asyncio.timeout(10):
                await socket.recv()
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 3500


@pytest.mark.parametrize(
    "frame",
    [
        "", "x", "[]", "1", '{"id":1}', '{"id":-1,"connect":{}}', '{"id":1,"connect":[]}',
        '{"connect":{}}', '{"id":1,"subscribe":{}}', '{"id":99999999999,"connect":{}}', "[" * 10_000,
        '{"id":true,"connect":{}}',
    ],
)  # fmt: skip
async def test_what_is_no_command_closes_with_3501_and_hurts_nobody(site: str, frame: str) -> None:
    async with live(site) as other, live(site) as socket:
        await Socket(other).ask("connect")
        await socket.send(frame or "\n \n{")
        with pytest.raises(ConnectionClosed) as end:
            async with asyncio.timeout(10):
                await socket.recv()
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == 3501
        assert "ping" in await Socket(other).ask("ping")


async def test_a_reader_that_stops_reading_does_not_stop_the_others(
    site: str, app: Relais, cast: Cast
) -> None:
    topic = await a_question(cast)
    channel = f"topic:{topic.id}"
    async with live(site) as fast, live(site) as slow:
        for socket in (fast, slow):
            client = Socket(socket)
            await client.ask("connect")
            await client.ask("subscribe", channel=channel)
        slow.transport.pause_reading()
        heard = 0
        while any(c for c in app.hub.connections if len(app.hub.connections) > 1):
            await say_much(channel)
            heard += 1
            assert heard < 400, "the slow reader was never dropped"
            push = json.loads(await fast.recv())["push"]
            assert push["pub"]["offset"] == 1 + heard
        slow.transport.resume_reading()
        with pytest.raises(ConnectionClosed) as end:
            await _read_to_the_end(slow)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 3008


async def say_much(channel: str) -> None:
    """Some hundred kilobytes, at once."""
    async with log.transaction() as record:
        record(channel, "told", words="word " * 30_000)


async def _read_to_the_end(socket: ClientConnection) -> None:
    async with asyncio.timeout(10):
        while True:
            await socket.recv()


async def test_one_encoding_serves_every_reader_of_a_language(site: str, app: Relais, cast: Cast) -> None:
    topic = await a_question(cast)
    sockets = [await live(site) for _n in range(8)]
    for socket in sockets:
        client = Socket(socket)
        await client.ask("connect", data={"locale": "en"})
        await client.ask("subscribe", channel=f"topic:{topic.id}")
    channel = app.hub.channels[f"topic:{topic.id}"]
    assert [len(group) for group in channel.groups.values()] == [8]
    await a_reply(cast, topic)
    texts = {await socket.recv() for socket in sockets}
    assert len(texts) == 1
    for socket in sockets:
        await socket.close()


async def test_a_command_of_another_process_appears_live(site: str, cast: Cast, database_url: str) -> None:
    """What another process commits is found by looking at the database."""
    import sys

    topic = await a_question(cast)
    code = (
        "import asyncio, sys\nfrom forum.database import open_database, close_database\n"
        "from realtime import log\nasync def main():\n await open_database(sys.argv[1])\n"
        " async with log.transaction() as record:\n"
        "  record(sys.argv[2], 'topic.revised', topic_id=int(sys.argv[3]))\n"
        " await close_database()\nasyncio.run(main())"
    )
    async with live(site) as socket:
        client = Socket(socket)
        await client.ask("connect")
        await client.ask("subscribe", channel=f"topic:{topic.id}")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, database_url, f"topic:{topic.id}", str(topic.id)
        )
        assert await process.wait() == 0
        assert (await client.next_push())["pub"]["data"]["kind"] == "topic.revised"


async def test_who_never_reads_again_is_cut_and_leaves_nothing_behind(
    site: str, app: Relais, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its goodbye cannot be delivered either: the buffer is full, and stays so."""
    monkeypatch.setattr("realtime.socket.GOODBYE_SECONDS", 0.2)
    topic = await a_question(cast)
    async with live(site) as frozen:
        client = Socket(frozen)
        await client.ask("connect")
        await client.ask("subscribe", channel=f"topic:{topic.id}")
        (connection,) = app.hub.connections
        frozen.transport.pause_reading()
        while not connection.closing:
            await say_much(f"topic:{topic.id}")
        await until(lambda: app.hub.channels == {})
        await until(lambda: connection.wire._transport.is_closing())  # type: ignore[attr-defined]
        await until(lambda: connection.wire._connection is None)  # type: ignore[attr-defined]
    assert app.hub.counts.slow == 1

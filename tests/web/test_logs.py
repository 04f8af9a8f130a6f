"""Logs say who did what and how it ended, in one line each, and never what was said."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import AsyncClient
from tortoise.exceptions import IntegrityError
from websockets.exceptions import ConnectionClosed, InvalidStatus

from forum.accounts.models import User
from forum.api.keys import create_key
from forum.app import Relais
from forum.logs import set_up_logs
from tests.cast import PASSWORD, Cast
from tests.factories import a_question, a_reply
from tests.people import at, signed_in
from tests.realtime.test_live import Socket, live
from tests.waiting import until

STRANGE = "\r\nx\x1b[31m\x7f\x9b31m\u0085\u2028\u2029y"


class Log:
    """What the site has written, down to the smallest detail that it may be told to write."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        """All of it."""
        return self._stream.getvalue()

    def lines(self, message: str = "") -> list[dict[str, Any]]:
        """Each line, read; those of this message."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if message in ("", line["message"])]


@pytest.fixture
def log() -> Iterator[Log]:
    """The log at its most talkative, as `serve` writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    before, root.handlers, level = root.handlers, [], root.level
    set_up_logs("debug", stream)
    for client in ("httpx2", "httpcore2", "websockets.client"):
        logging.getLogger(client).setLevel(logging.WARNING)  # the test's own, in the same process
    yield Log(stream)
    root.handlers = before
    root.setLevel(level)


async def test_a_day_of_posting_voting_and_connecting_leaves_no_word_of_it(
    site: str, app: Relais, cast: Cast, log: Log
) -> None:
    alice = await signed_in(site, "alice")
    hidden = await a_question(cast, private=True, title="A zanzibar in the register", raw="About the quagga.")
    reply = await a_reply(cast, hidden, raw="Only the **okapi** knows.")
    here, key = f"/t/{hidden.slug}/{hidden.id}", await create_key("bob")
    cookie = alice.client.cookies["relais"]
    await alice.sign_in("alice@example.org", "wrong, but a narwhal")
    await alice.get(here)
    await alice.get(f"{here}/2?q=axolotl")
    await alice.get("/t/a-pangolin/narwhal/zanzibar?token=axolotl")
    await alice.post(f"/t/{hidden.id}/posts", raw="I say tarsier to that.")
    await alice.post("/topics", category=str(cast.theme.id), kind="question", title="x", raw="tarsier")
    await alice.post(f"/posts/{reply.id}/vote", value="1")
    async with AsyncClient(base_url=site, headers={"Api-Key": key, "Api-Username": "bob"}) as program:
        await program.post("/posts.json", json={"topic_id": hidden.id, "raw": "By program: tarsier."})
        await program.post("/posts.json", content=b'{"raw": "tarsier')
        await program.get(f"{here}.json", headers={"Api-Key": "a-pangolin-key"})
    async with live(site, Cookie=f"relais={cookie}", Origin=site) as socket:
        await Socket(socket).ask("connect")
        await Socket(socket).ask("subscribe", channel=f"topic:{hidden.id}")
        await Socket(socket).ask("rpc", method="pangolin", data={"raw": "tarsier"})
    async with live(site) as socket:
        await Socket(socket).ask("connect", token=key)
        await Socket(socket).ask("subscribe", channel="axolotl:pangolin")
    async with live(site) as socket:
        with pytest.raises(ConnectionClosed):
            await Socket(socket).ask("connect", token="a-pangolin-token")
    await until(lambda: not app.hub.sockets)
    told = log.text.lower()
    for canary in (
        "zanzibar", "quagga", "okapi", "tarsier", "narwhal", "axolotl", "pangolin", "example.org", PASSWORD,
        key, cookie, f"topic:{hidden.id}", hidden.slug,
    ):  # fmt: skip
        assert canary.lower() not in told, [line for line in log.lines() if canary in str(line).lower()]
    assert len(log.lines("request")) >= 11
    assert f"/t/{{slug}}/{hidden.id}" in {line["path"] for line in log.lines("request")}


async def test_a_connection_is_told_when_it_opens_and_how_it_ends(
    site: str, app: Relais, cast: Cast, log: Log
) -> None:
    alice = await signed_in(site, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with live(site, Cookie=cookie, Origin=site) as socket:
        client = (await Socket(socket).ask("connect"))["connect"]["client"]
        await alice.post("/session/deletion")
        await socket.wait_closed()
    (opened,), (ended,) = log.lines("connected"), log.lines("disconnected")
    who = {"request_id": client, "user_id": str(cast.ids["alice"]), "address": "127.0.0.1", "origin": site}
    assert who.items() <= opened.items()
    assert who.items() <= ended.items()
    assert ended["code"] == 3500
    assert {opened["level"], opened["logger"]} == {"info", "realtime.connections"}


async def test_refusals_say_whom_and_from_where(site: str, app: Relais, cast: Cast, log: Log) -> None:
    with pytest.raises(InvalidStatus):
        await live(site, Origin="https://evil.example")
    async with live(site) as socket:
        with pytest.raises(ConnectionClosed):
            await Socket(socket).ask("connect", token="not a key")
    async with live(site) as socket:
        program = Socket(socket)
        await program.ask("connect", token=await create_key("eve"))
        for _n in range(14):
            await program.ask("subscribe", channel=f"category:{cast.private.id}")
    await until(lambda: not app.hub.sockets)
    (turned_away,), (refused,) = log.lines("handshake refused"), log.lines("connection refused")
    assert (turned_away["address"], turned_away["origin"]) == ("127.0.0.1", "https://evil.example")
    assert (refused["code"], refused["user_id"], refused["address"]) == (3500, None, "127.0.0.1")
    commands, (ended,) = log.lines("command refused"), log.lines("disconnected")
    assert len(commands) == 10, "the rest is counted, not written"
    about = {"user_id": str(cast.ids["eve"]), "command": "subscribe", "namespace": "category", "code": 103}
    assert about.items() <= commands[0].items()
    assert ended["refusals"] == 14


async def test_cve_2020_7694_whatever_a_client_sends_a_line_stays_one_line(site: str, log: Log) -> None:
    await at(site).get("/t/%0D%0A%1B%5B31m%C2%9B31m%E2%80%A8/1")
    host, port = site.removeprefix("http://").split(":")
    for sign in (b"\x1b[31m", b"\x9b31m", b"\x85", b"\x7f", b"\r\n forged: line"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET /connection/websocket HTTP/1.1\r\nHost: " + f"{host}:{port}".encode() + b"\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nUser-Agent: " + sign + b"\r\n"
            b"Origin: https://evil.example/" + sign + b"\r\n\r\n"
        )  # fmt: skip
        assert b"101" not in (await reader.readline())
        writer.close()
    logging.getLogger("relais").warning("a program says", extra={"agent": STRANGE})
    (said,) = log.lines("a program says")
    assert said["agent"] == STRANGE
    assert len(log.lines("handshake refused")) >= 2
    assert not [sign for sign in log.text if sign != "\n" and not sign.isprintable()]


async def test_a_traceback_does_not_show_the_row_that_the_database_refused(cast: Cast, log: Log) -> None:
    # A traceback quotes the line of source, so the value is not in it.
    taken = "@".join(("alice", "example.org"))
    try:
        await User.filter(id=cast.ids["bob"]).update(email=taken)
    except IntegrityError:
        logging.getLogger("relais").exception("it broke")
    (line,) = log.lines("it broke")
    assert "IntegrityError" in line["traceback"]
    assert taken not in log.text

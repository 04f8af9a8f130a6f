"""Frames made by hand, right and wrong: the right code for each, and nobody else notices."""

import asyncio
import logging
import struct
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from realtime.protocol.messages import Message
from tests.realtime.open_site import OpenSite, here
from tests.realtime.raw import (
    BINARY,
    CLOSE,
    CONT,
    PING,
    PONG,
    TEXT,
    command,
    connected,
    frame,
    handshake,
    raw,
)
from tests.servers.databases import Databases
from tests.waiting import until

PING_COMMAND = b'{"id":9,"ping":{}}'
MAX = 64 * 1024
SPLIT_E = ("é".encode()[:1], "é".encode()[1:])
SEND_E = b'{"id":9,"ping":{},"x":"'


@pytest.fixture(scope="module")
async def running_example(databases: Databases) -> AsyncIterator[OpenSite]:
    """The shell that sites are served with."""
    async with databases.fresh() as url, here(url) as site:
        yield site


@pytest.fixture(autouse=True)
async def nobody_else_notices(open_site: OpenSite, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Somebody else is connected all the while; nothing worth a warning is logged; nobody is left behind."""
    assert open_site.hub is not None
    with caplog.at_level(logging.WARNING):
        async with connected(open_site.first) as neighbour:
            yield
            await neighbour.say(command(2, "ping"))
            assert await neighbour.answer(2) == {"id": 2, "ping": {}}
        await until(lambda: open_site.hub is not None and not open_site.hub.sockets)
    assert caplog.records == []


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


RIGHT = {
    "whole": [frame(TEXT, PING_COMMAND)],
    "in three fragments": [
        frame(TEXT, PING_COMMAND[:5], fin=False),
        frame(CONT, PING_COMMAND[5:9], fin=False),
        frame(CONT, PING_COMMAND[9:]),
    ],
    "in a thousand fragments, most of them empty": [
        frame(TEXT, b"", fin=False),
        *[frame(CONT, b"", fin=False)] * 1000,
        frame(CONT, PING_COMMAND, fin=False),
        frame(CONT, b""),
    ],
    "a character in two fragments": [
        frame(TEXT, SEND_E + SPLIT_E[0], fin=False),
        frame(CONT, SPLIT_E[1] + b'"}'),
    ],
    "after a pong that nobody asked for": [frame(PONG, b"hello"), frame(TEXT, PING_COMMAND)],
    "of exactly 64 KiB": [frame(TEXT, PING_COMMAND.ljust(MAX))],
    "of exactly 64 KiB in fragments": [
        frame(TEXT, PING_COMMAND.ljust(MAX - 1), fin=False),
        frame(CONT, b" "),
    ],
    "behind empty lines and pongs": [frame(TEXT, b"\n\n{}\n \n" + PING_COMMAND + b"\n")],
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("pieces", ["at once", "frame by frame", "byte by byte"])
async def test_a_right_message_is_answered(open_site: OpenSite, name: str, pieces: str) -> None:
    if pieces == "byte by byte" and sum(map(len, RIGHT[name])) > 10_000:
        pieces = "frame by frame"
    async with connected(open_site.first) as client:
        parts = {
            "at once": [b"".join(RIGHT[name])],
            "frame by frame": RIGHT[name],
            "byte by byte": [bytes([byte]) for byte in b"".join(RIGHT[name])],
        }[pieces]
        for part in parts:
            await client.say(part)
            await asyncio.sleep(0)
        assert await client.answer(9) == {"id": 9, "ping": {}}


async def test_pings_between_fragments_are_answered_at_once(open_site: OpenSite) -> None:
    async with connected(open_site.first) as client:
        await client.say(frame(TEXT, PING_COMMAND[:5], fin=False) + frame(PING, b"x" * 125))
        assert await client.next_frame() == (PONG, b"x" * 125)
        await client.say(frame(PING))
        assert await client.next_frame() == (PONG, b"")
        await client.say(frame(CONT, PING_COMMAND[5:]))
        assert await client.answer(9) == {"id": 9, "ping": {}}


WRONG = {
    "first reserved bit": (frame(TEXT, PING_COMMAND, reserved=4), 1002),
    "second reserved bit": (frame(TEXT, PING_COMMAND, reserved=2), 1002),
    "third reserved bit": (frame(TEXT, PING_COMMAND, reserved=1), 1002),
    "reserved data opcode 3": (frame(3), 1002),
    "reserved data opcode 7": (frame(7, b"x"), 1002),
    "reserved control opcode 11": (frame(11), 1002),
    "reserved control opcode 15": (frame(15, b"x"), 1002),
    "not masked": (frame(TEXT, PING_COMMAND, masked=False), 1002),
    "a continuation of nothing": (frame(CONT, PING_COMMAND), 1002),
    "a text within a text": (frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002),
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a ping in fragments": (frame(PING, b"x", fin=False), 1002),
    "a goodbye of 126 bytes": (close(1000, b"x" * 124), 1002),
    "a goodbye in fragments": (frame(CLOSE, b"", fin=False), 1002),
    "bad UTF-8": (frame(TEXT, b'{"id":9,"ping":{},"x":"\xff"}'), 1007),
    "bad UTF-8 in the second fragment": (
        frame(TEXT, SEND_E + SPLIT_E[0], fin=False) + frame(CONT, b'"}'),
        1007,
    ),
    "UTF-8 that ends too soon": (frame(TEXT, SEND_E + SPLIT_E[0]), 1007),
    "an encoded surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "64 KiB and one byte": (frame(TEXT, PING_COMMAND.ljust(MAX + 1)), 1009),
    "64 KiB and one byte in fragments": (
        frame(TEXT, PING_COMMAND.ljust(MAX), fin=False) + frame(CONT, b" "),
        1009,
    ),
    "a length of 2^63 - 1": (frame(TEXT, b"", length=2**63 - 1), 1009),
    "a length of 2^64 - 1": (frame(TEXT, b"", length=2**64 - 1), 1009),
    "a binary message": (frame(BINARY, b"\x00\x01"), 3501),
    "a binary message in fragments": (frame(BINARY, b"", fin=False) + frame(CONT, b"x"), 3501),
    "a goodbye": (close(1000, b"goodbye"), 1000),
    "a goodbye without a word": (frame(CLOSE), 1005),
    "a goodbye with half a code": (frame(CLOSE, b"\x03"), 1002),
    "a goodbye whose reason is bad UTF-8": (close(1000, b"\xff"), 1007),
    "a goodbye within a text": (frame(TEXT, b"{", fin=False) + close(1000), 1002),
    "a goodbye and more": (close(1000) + frame(TEXT, PING_COMMAND) + b"\xff" * 100, 1000),
    "an HTTP request": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 1002),
    **{
        f"the code {code}": (close(code), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000)
    },
    **{f"the code {code}": (close(code), code) for code in (1001, 1011, 3000, 3999, 4999)},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_message_ends_with_the_right_code(open_site: OpenSite, name: str) -> None:
    data, code = WRONG[name]
    async with connected(open_site.first) as client:
        await client.say(data)
        assert await client.end() == code


async def test_cve_2018_1000518_a_deflate_bomb_is_refused_unopened(open_site: OpenSite) -> None:
    deflate = zlib.compressobj(wbits=-15)
    bomb = deflate.compress(bytes(10_000_000)) + deflate.flush()
    assert len(bomb) < MAX, "it is not its own size that is refused"
    tracemalloc.start()
    async with raw(open_site.first) as client:
        await client.say(handshake(Sec_WebSocket_Extensions="permessage-deflate"))
        assert await client.status() == 101
        assert "sec-websocket-extensions" not in client.head
        await client.say(command(1, "connect"))
        assert "connect" in await client.answer(1)
        before, _most = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        await client.say(frame(TEXT, bomb, reserved=4))
        assert await client.end() == 1002
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most - before < 5_000_000, "ten million bytes were never made of it"


@pytest.mark.parametrize(("broken", "code"), [(b"\xff", 1007), (b"nonsense", 3501)])
async def test_what_comes_after_a_fault_is_not_done(open_site: OpenSite, broken: bytes, code: int) -> None:
    async with connected(open_site.first) as client:
        said = command(2, "publish", channel=open_site.talk, data="before")
        more = command(3, "publish", channel=open_site.talk, data="after")
        await client.say(said + frame(TEXT, broken) + more)
        assert await client.end() == code
    await until(lambda: said_in(open_site, ["before"]))


async def test_what_was_asked_before_a_goodbye_is_done(open_site: OpenSite) -> None:
    async with connected(open_site.first) as client:
        wishes = [command(n, "publish", channel=open_site.talk, data=n) for n in range(2, 12)]
        await client.say(b"".join(wishes) + close(1000))
        assert await client.end() == 1000
    await until(lambda: said_in(open_site, list(range(2, 12))))


async def said_in(open_site: OpenSite, expected: list[Any]) -> bool:
    """Whether this and nothing else has been published on the channel of the test."""
    async with connected(open_site.first) as reader:
        await reader.say(command(2, "history", channel=open_site.talk, limit=-1))
        past = (await reader.answer(2))["history"].get("publications", [])
    return [publication["data"] for publication in past] == expected


async def test_half_a_frame_and_a_hang_up_leave_nothing_behind(open_site: OpenSite) -> None:
    for part in (frame(TEXT, PING_COMMAND)[:-3], frame(TEXT, b"x" * 3000)[:2], frame(TEXT, b"{", fin=False)):
        async with connected(open_site.first) as client:
            await client.say(part)
            client.writer.write_eof()
            assert await client.end() == 1006


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (handshake(), 101),
        (handshake(path="/connection/websocket?cf_protocol=json"), 101),
        (handshake(Sec_WebSocket_Protocol="centrifuge-protobuf"), 101),
        (handshake(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits"), 101),
        (handshake(Origin="https://elsewhere.example"), 101),
        (handshake(Origin="http://[broken"), 101),
        (handshake(Origin="é\xff"), 101),
        (handshake(Connection="keep-alive, Upgrade"), 101),
        (handshake(Sec_WebSocket_Version="8"), 400),
        (handshake(Sec_WebSocket_Version=None), 400),
        (handshake(Sec_WebSocket_Key="short"), 400),
        (handshake(Sec_WebSocket_Key="é"), 400),
        (handshake(Sec_WebSocket_Key=None), 400),
        (handshake("POST"), 405),
        (handshake(path="/elsewhere"), 403),
        (handshake(path="/connection/websocket/"), 403),
        (handshake(Connection="close"), 404),
        (handshake(Upgrade="h2c"), 404),
        (handshake() + b"\x00\xff garbage after it \r\n\r\n", 101),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (handshake(X_Many="x" * 60_000), 431),
        (handshake(X_Rather_Long="x" * 8_100), 101),
        (handshake(Content_Length="0"), 101),
        (handshake().replace(b"Host:", b"Sec-WebSocket-Version: 13\r\nHost:"), 400),
        (handshake().replace(b"Host:", b"X-Twice: 1\r\nx-twice: 2\r\nHost:"), 101),
    ],
)  # fmt: skip
async def test_each_handshake_has_its_status(open_site: OpenSite, request_: bytes, status: int) -> None:
    async with raw(open_site.first) as client:
        await client.say(request_)
        assert await client.status() == status
        assert "sec-websocket-protocol" not in client.head
        assert "sec-websocket-extensions" not in client.head


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_message_is_framed_as_the_library_would(size: int) -> None:
    text = "x" * size
    assert Message(text).frame == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)

"""A hundred thousand hostile frames: nothing is broken, nobody else notices, nothing is kept."""

import asyncio
import itertools
import random
import re
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from realtime.examples import tokens
from realtime.examples.open import SECRET
from tests.realtime.hostile import hostile_frames
from tests.realtime.open_site import Running, a_process
from tests.realtime.raw import CLOSE, Raw, command, connected, handshake, raw

# What one database has survived the other may stumble over, but not in its own hundred thousand ways.
COUNTS = {"sqlite": 100_000, "postgres": 10_000}
SEED = 20_260
GROWTH_MB = 6
TOGETHER = 20
MARKS = [command(1_000_000 + n, "ping") for n in range(TOGETHER)]
MARK = re.compile(rb'\{"id":1000(\d{3}),"ping":\{\}\}')


@asynccontextmanager
async def _attacker(address: str, chance: random.Random) -> AsyncIterator[Raw]:
    """A connection, as somebody or as nobody."""
    async with raw(address) as client:
        await client.say(handshake())
        assert await client.status() == 101
        if chance.random() < 0.95:
            await client.say(command(1, "connect", token=tokens.sign({"sub": "eve"}, SECRET)))
        yield client


async def attack(address: str, count: int, seed: int) -> int:
    """Send so many frames; each message is followed by a ping, which tells whether it was survived.

    Returns:
        How many connections it took.
    """
    chance = random.Random(seed)
    connections = 0
    for messages, last in hostile_frames(count, seed):
        left = messages
        while left or last:
            connections += 1
            async with _attacker(address, chance) as client:
                if (survived := await _sent(client, left)) == len(left):
                    await client.say(last)
                    await client.end_by_us()
                    last = b""
            # The one that was not survived has had its effect too.
            left = left[survived + 1 :]
    return connections


async def _sent(client: Raw, messages: list[bytes]) -> int:
    """How many messages are survived."""
    for first in range(0, len(messages), TOGETHER):
        part = messages[first : first + TOGETHER]
        marked = itertools.chain.from_iterable(zip(part, MARKS, strict=False))
        sending = asyncio.create_task(client.say(b"".join(marked)))
        survived = await _survived(client, len(part))
        await sending
        if survived < len(part):
            return first + survived
    return len(messages)


async def _survived(client: Raw, count: int) -> int:
    """How many pings are answered before the end."""
    last = 0
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while last < count:
            opcode, data = await client.next_frame()
            if opcode == CLOSE:
                break
            if match := MARK.fullmatch(data):
                last = int(match[1]) + 1
    return last


class Neighbours:
    """Alice speaks all the while, Bob listens; both behave well."""

    def __init__(self) -> None:
        self.said, self.slowest = 0, 0.0
        self.done = False

    async def talk(self, address: str) -> None:
        """Speak and listen until done; each word is heard next, and once."""
        async with connected(address) as alice, connected(address) as bob:
            await bob.say(command(2, "subscribe", channel="peace"))
            start = (await bob.answer(2))["subscribe"]["offset"]
            while not self.done:
                self.said += 1
                began = time.monotonic()
                await alice.say(command(1 + self.said, "publish", channel="peace", data=self.said))
                await alice.answer(1 + self.said)
                pub = await _next_publication(bob)
                assert (pub["offset"], pub["data"]) == (start + self.said, self.said)
                self.slowest = max(self.slowest, time.monotonic() - began)
                await asyncio.sleep(0.02)


async def _next_publication(client: Raw) -> Any:
    while True:
        for message in await client.messages():
            if "pub" in message.get("push", {}):
                return message["push"]["pub"]


def memory(server: Running) -> float:
    """What the process holds, in megabytes."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.timeout(900)
async def test_cve_2023_30591_a_hundred_thousand_hostile_frames_hurt_nobody(database_url: str) -> None:
    """And CVE-2022-21676."""
    count = COUNTS[database_url.partition(":")[0]]
    async with a_process("tests.realtime.lenient", database_url) as server:
        neighbours = Neighbours()
        talking = asyncio.create_task(neighbours.talk(server.address))
        began = time.monotonic()
        connections = await attack(server.address, count // 2, SEED)
        before = memory(server)
        connections += await attack(server.address, count // 2, SEED + 1)
        seconds, after = time.monotonic() - began, memory(server)
        neighbours.done = True
        await talking
    print(f"{count} frames on {connections} connections in {seconds:.0f} s")
    print(f"memory {before:.1f} MB, then {after:.1f}")
    print(f"neighbours said {neighbours.said}, each heard within {neighbours.slowest * 1000:.0f} ms")
    assert after - before < GROWTH_MB
    assert neighbours.said > 100

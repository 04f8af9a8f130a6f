"""People who listen over real sockets: every line that they hear is kept, with the moment when it came."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.people import signed_in
from tests.waiting import until

WITHIN = 2.0  # seconds: the one that is promised, and another for the busy machine of the tests


@dataclass(frozen=True)
class Line:
    """One message, as it came."""

    text: str
    at: float

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def push(self) -> dict[str, Any]:
        found: dict[str, Any] = self.message.get("push", {})
        return found


class Ear:
    """Somebody's connection."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.lines: list[Line] = []
        self.closed: tuple[int, float] | None = None
        self.asked = 0
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            async for text in self.socket:
                now = time.monotonic()
                self.lines += [Line(line, now) for line in str(text).split("\n") if line != "{}"]
        except ConnectionClosed:
            """Told by `closed`, as an ordinary end is."""
        self.closed = (self.socket.close_code or 0, time.monotonic())

    async def say(self, method: str, **params: Any) -> str:
        """Ask something; the reply's text, under a number that is the same in each run of a test."""
        self.asked += 1
        return await self.say_as(self.asked, method, **params)

    async def say_as(self, number: int, method: str, **params: Any) -> str:
        """Ask something under this number; the text of the first reply to it that comes from now on."""
        had = len(self.lines)
        await self.socket.send(json.dumps({"id": number, method: params}))

        def answers() -> list[str]:
            return [line.text for line in self.lines[had:] if line.message.get("id") == number]

        await until(lambda: bool(answers()) or self.closed is not None)
        return answers()[0]

    async def subscribe(self, channel: str, **since: Any) -> dict[str, Any]:
        """Join a channel: the result, or the error."""
        answer = json.loads(await self.say("subscribe", channel=channel, **since))
        found: dict[str, Any] = answer.get("subscribe", answer.get("error"))
        return found

    def publications(self, channel: str, kind: str = "") -> list[dict[str, Any]]:
        """What was heard on a channel: each publication's data."""
        pubs = [line.push["pub"] for line in self.lines if self._on(line, channel) and "pub" in line.push]
        return [pub["data"] for pub in pubs if kind in ("", pub["data"]["kind"])]

    def posts(self, channel: str) -> list[int]:
        """The numbers of the posts that were told of as new on a channel."""
        return [data["post_number"] for data in self.publications(channel, "post.created")]

    def ends(self, channel: str) -> list[tuple[int, float]]:
        """Each end of a subscription to a channel: code and moment."""
        ends = [line for line in self.lines if self._on(line, channel) and "unsubscribe" in line.push]
        return [(line.push["unsubscribe"]["code"], line.at) for line in ends]

    def _on(self, line: Line, channel: str) -> bool:
        return bool(line.push.get("channel") == channel)

    async def everything(self) -> list[Line]:
        """All lines so far: a ping's answer comes after whatever was written before it."""
        if self.closed is None:
            await self.say("ping")
        return self.lines

    async def leave(self) -> None:
        """Hang up."""
        await self.socket.close()
        await self._listening


class Room:
    """Those who listen at one site."""

    def __init__(self, site: str, stack: AsyncExitStack) -> None:
        self.site, self._stack = site, stack
        self.cookies: dict[str, str] = {}

    async def member(self, name: str, *, new_browser: bool = False, **wishes: Any) -> Ear:
        """A member's page: one browser for all of them, unless it is a new one."""
        if name not in self.cookies or new_browser:
            person = await signed_in(self.site, name)
            self.cookies[name] = person.client.cookies["relais"]
        return await self._ear({"Cookie": f"relais={self.cookies[name]}", "Origin": self.site}, **wishes)

    async def visitor(self, **wishes: Any) -> Ear:
        """Somebody who has not signed in."""
        return await self._ear({}, **wishes)

    async def somebody(self, name: str) -> Ear:
        """A visitor or a member."""
        return await (self.visitor() if name == "visitor" else self.member(name))

    async def program(self, key: str, **wishes: Any) -> Ear:
        """A program with its key."""
        return await self._ear({}, token=key, **wishes)

    async def _ear(self, headers: dict[str, str], **wishes: Any) -> Ear:
        address = self.site.replace("http", "ws") + "/connection/websocket"
        socket = await connect(
            address, additional_headers=headers, compression=None, ping_interval=None, max_size=None
        )
        ear = Ear(socket)
        self._stack.push_async_callback(ear.leave)
        await ear.say("connect", **wishes)
        return ear


async def in_time(began: float, *ears_and_channels: tuple[Ear, str], code: int = 2000) -> None:
    """Each of these subscriptions has ended, for good, in time."""
    await until(lambda: all(ear.ends(channel) for ear, channel in ears_and_channels))
    for ear, channel in ears_and_channels:
        ((told, at),) = ear.ends(channel)
        assert told == code
        assert at - began < WITHIN


async def closed_in_time(began: float, code: int, *ears: Ear) -> None:
    """Each of these connections has ended with this code, in time."""
    await until(lambda: all(ear.closed for ear in ears))
    for ear in ears:
        assert ear.closed is not None
        assert ear.closed[0] == code
        assert ear.closed[1] - began < WITHIN

"""Listeners: the raw protocol, with recovery as its definition says, and everything heard kept."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.faults.calls import Caller, Unanswered
from bench.faults.journal import Journal
from bench.faults.waiting import until

CONNECT_SECONDS = 10.0
# The server pings every 25 s; a client that hears nothing for this long thinks that the line is dead.
SILENCE_SECONDS = 36.0
BACK_SECONDS = (0.02, 0.2)
FORBIDDING = (range(3500, 4000), range(4500, 5000))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a listener stands in a channel."""

    offset: int
    epoch: str


class Listener:
    """One client, that comes back until it is told to stop or forbidden to.

    Args:
        name: in the journal.
        address: the site's, or a proxy's before it.
        channels: that it subscribes to.
        headers: how the site knows it (a cookie needs `Origin` beside it); none for a visitor.
        server_side: channels that come by themselves at connect.
        site: where it reads the state anew, if not at `address`.
        patches: whether it wants the HTML too.
    """

    def __init__(
        self,
        name: str,
        address: str,
        channels: Sequence[str],
        journal: Journal,
        headers: dict[str, str] | None = None,
        server_side: Sequence[str] = (),
        site: str = "",
        patches: bool = False,
    ) -> None:
        self.name, self.channels, self.journal = name, list(channels), journal
        self.server_side, self.headers, self.patches = list(server_side), headers or {}, patches
        self._address = address
        self._reader = Caller(site or address, self.headers)
        self.positions: dict[str, Position] = {}
        self.stopping = self.forbidden = False
        self._online = asyncio.Event()
        self._online.set()
        self.connections, self.connected = 0, False
        self.socket: ClientConnection | None = None
        self._ids = count(1)
        self._asked: dict[int, str] = {}
        self._random = random.Random(name)
        self.recoveries = 0
        self.last_end = ""

    @property
    def settled(self) -> bool:
        """Whether it is connected, and everything that it asked was answered."""
        return self.socket is not None and self.connected and not self._asked

    @property
    def listening(self) -> bool:
        """Whether it is subscribed to everything, and has read what it had to."""
        return self.settled and {*self.channels, *self.server_side} <= self.positions.keys()

    async def run(self) -> None:
        """Listen, and come back after each end, until told to stop."""
        try:
            while not self.stopping and not self.forbidden:
                await self._online.wait()
                code = await self._connection()
                self.journal.note("closed", self.name, code=code)
                self.forbidden = any(code in codes for codes in FORBIDDING)
                await asyncio.sleep(self._random.uniform(*BACK_SECONDS))
        finally:
            self._reader.close()

    async def leave(self) -> None:
        """Go offline, as a laptop that is shut: until told to come back."""
        self._online.clear()
        if self.socket is not None:
            await self.socket.close()
        await until(lambda: self.socket is None, CONNECT_SECONDS, "leaving")

    def come_back(self) -> None:
        """Go online again, from where it was."""
        self._online.set()

    async def _connection(self) -> int:
        """One connection from its beginning to its end; the code of its close frame, 0 without one."""
        socket: ClientConnection | None = None
        try:
            socket = await self._connect()
            await self._talk(socket)
        except (OSError, EOFError, WebSocketException, TimeoutError, Unanswered) as end:
            self.last_end = repr(end)
        finally:
            self.socket, self.connected = None, False
            self._asked.clear()
            if socket is not None:
                await socket.close()
        return (socket.close_code or 0) if socket is not None else 0

    async def _connect(self) -> ClientConnection:
        self.socket = await connect(
            self._address.replace("http", "ws", 1) + "/connection/websocket",
            additional_headers=self.headers,
            compression=None,
            ping_interval=None,
            open_timeout=CONNECT_SECONDS,
            close_timeout=1,
            max_size=None,
            proxy=None,
        )
        self.connections += 1
        return self.socket

    async def _talk(self, socket: ClientConnection) -> None:
        subs = {name: self._wish(name) for name in self.server_side if name in self.positions}
        await self._send({"connect": {"data": {"patches": self.patches}, "subs": subs}}, "connect")
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                message = await socket.recv()
            for line in str(message).split("\n"):
                if line.strip():
                    await self._take(json.loads(line))

    async def _send(self, command: dict[str, Any], about: str) -> None:
        assert self.socket is not None
        number = next(self._ids)
        self._asked[number] = about
        await self.socket.send(json.dumps({"id": number, **command}))

    def _wish(self, channel: str) -> dict[str, Any]:
        at = self.positions.get(channel)
        return {"recover": True, "offset": at.offset, "epoch": at.epoch} if at else {}

    async def _subscribe(self, channel: str) -> None:
        self.journal.note("asking", self.name, channel=channel)
        await self._send({"subscribe": {"channel": channel, **self._wish(channel)}}, channel)

    async def _take(self, data: dict[str, Any]) -> None:
        """A reply, a push, or a ping."""
        if not data:
            assert self.socket is not None
            await self.socket.send("{}")
        elif "id" in data:
            await self._reply(self._asked.pop(data["id"]), data)
        elif "push" in data:
            await self._push(data["push"])

    async def _reply(self, about: str, data: dict[str, Any]) -> None:
        if about == "connect":
            if "error" in data:
                raise ConnectionError(f"connect: {data['error']}")
            for channel, result in data["connect"].get("subs", {}).items():
                await self._subscribed(channel, result)
            for channel in self.channels:
                await self._subscribe(channel)
            self.connected = True
        elif "error" in data:
            self.positions.pop(about, None)
            self.journal.note("refused_channel", self.name, channel=about, code=data["error"]["code"])
        else:
            await self._subscribed(about, data["subscribe"])

    async def _subscribed(self, channel: str, result: dict[str, Any]) -> None:
        """Go on where it was left, or from the present with everything read anew."""
        at, recovered = self.positions.get(channel), result.get("recovered", False)
        offset, epoch = result.get("offset", 0), result.get("epoch", "")
        self.journal.note(
            "subscribed", self.name, channel=channel, offset=offset, epoch=epoch, recovered=recovered,
            asked=at.offset if at else None,
        )  # fmt: skip
        publications = result.get("publications") or []
        if recovered:
            self.recoveries += 1
            for publication in publications:
                self._heard(channel, publication, epoch, "recovery")
            if not publications:
                self.positions[channel] = Position(offset, epoch)
            return
        # Until the state has been read, there is no position to come back to.
        self.positions.pop(channel, None)
        await self._refresh(channel)
        self.positions[channel] = Position(offset, epoch)

    async def _refresh(self, channel: str) -> None:
        """Read what the channel tells about. The subscription stands: what comes meanwhile waits for us.

        Raises:
            Unanswered: the site went away again; the next connection will read.
        """
        if not channel.startswith("topic:"):
            self.journal.note("refreshed", self.name, channel=channel, posts=[])
            return
        answer = await self._reader.request("GET", f"/t/{channel.partition(':')[2]}.json", seconds=30)
        if answer.status >= 500:
            raise Unanswered(f"the state cannot be read: {answer.status}")
        if answer.status == 200:
            posts = answer.json()["post_stream"]["stream"]
            self.journal.note("refreshed", self.name, channel=channel, posts=posts)

    async def _push(self, push: dict[str, Any]) -> None:
        channel = push.get("channel", "")
        if "pub" in push:
            at = self.positions.get(channel)
            self._heard(channel, push["pub"], at.epoch if at else "", "push")
        elif "unsubscribe" in push:
            code = push["unsubscribe"].get("code", 0)
            self.journal.note("ended", self.name, channel=channel, code=code)
            if code >= 2500:
                await self._subscribe(channel)
            else:
                self.positions.pop(channel, None)

    def _heard(self, channel: str, publication: dict[str, Any], epoch: str, via: str) -> None:
        data, offset = publication.get("data") or {}, publication.get("offset", 0)
        self.positions[channel] = Position(offset, epoch)
        self.journal.note(
            "heard", self.name, channel=channel, offset=offset, kind=data.get("kind"), via=via,
            post=data.get("post_id"), number=data.get("post_number"),
        )  # fmt: skip

"""The hub: one per process. Who is connected here, which channels they hear, and what runs beside.

A wake-up says that a channel moved; the log is read once, each event encoded once for each variant, and
the same bytes written to every subscriber, without a task or a queue for any of them. The parts: `channel`
keeps the order and the promise, without I/O; `delivery` reads and writes; `joining` brings a subscriber to
where its channel stands; `rights` and `asking` end what one may no longer hear; `sweeping` finds what
nobody told; `roster` knows who is connected elsewhere; `commands` answers clients.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

import orjson

from realtime import asking, commands, delivery, journal, log, sweeping
from realtime.brokers import Broker
from realtime.brokers.in_process import InProcessBroker
from realtime.channel import Channel
from realtime.connection import Connection
from realtime.counts import Counts
from realtime.joining import tell_presence
from realtime.policies import Namespace, Policies
from realtime.protocol import codes
from realtime.protocol.codes import Disconnect
from realtime.rights import RIGHTS, Follower
from realtime.roster import HEARTBEAT_SECONDS, Roster
from realtime.sql import at_once
from realtime.together import Together
from realtime.unchanged import Unchanged

YIELD_EVERY = 500
# What one hub tells the others: these channels moved.
MOVED = "moved"

logger = logging.getLogger("realtime.hub")


async def _positions(names: Sequence[str]) -> dict[str, log.Position]:
    return await at_once(partial(log.positions, names), brief=True)


class Hub:
    """Who is connected to this process, and what they hear.

    Args:
        policies: what the host declares.
        broker: the way to the hubs of other workers; none for a single process.

    Attributes:
        sockets: every open socket, also of those who have not said yet who they are.
        connections: those who have.
        channels: what they hear, by name.
        positions: where channels stand in the log.
        unchanged: what those who come back were told, while nothing has happened since.
    """

    def __init__(self, policies: Policies, broker: Broker | None = None) -> None:
        self.policies = policies
        self.broker: Broker = broker or InProcessBroker()
        self.sockets: set[Connection] = set()
        self.connections: set[Connection] = set()
        self.channels: dict[str, Channel] = {}
        self.opening: dict[str, asyncio.Future[None]] = {}
        self.unchanged = Unchanged()
        self.positions = Together(_positions)
        self.counts = Counts(self)
        self.rights = Follower(
            lambda event: asking.right_changed(self, event), lambda: asking.ask_everyone(self)
        )
        self.roster = Roster(self.broker.publish, lambda *seen: tell_presence(self, *seen), self.counts.own)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] | None = None

    async def start(self) -> None:
        """Listen to the commits of this process and to other workers, and look for what nobody told."""
        await self.rights.start()
        self._stop_listening = log.listen(self._committed)
        await self.broker.start(self._told)
        self.roster.ask()
        for work in (sweeping.sweep_forever(self), self._tick_forever(), self._beat_forever()):
            self.spawn(work)

    async def stop(self) -> None:
        """End every task of the hub's; connections are closed by the server."""
        if self._stop_listening:
            self._stop_listening()
        self.roster.leave()
        await self.broker.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.rights.stop()

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run something beside, and keep hold of it until it ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def namespace(self, channel: str) -> Namespace:
        """The namespace of a channel that is known to have one."""
        namespace = self.policies.namespace(channel)
        assert namespace is not None, "a channel with subscribers has a namespace"
        return namespace

    async def perform(self, connection: Connection, request: Any) -> None:
        """Answer what a client asks."""
        await commands.perform(self, connection, request)

    # What moves

    def _committed(self, names: frozenset[str]) -> None:
        self.wake(names)
        self.broker.publish(MOVED, orjson.dumps(list(names)))

    def _told(self, subject: str, payload: bytes) -> None:
        if subject == MOVED:
            self.wake(orjson.loads(payload))
        else:
            self.roster.hear(subject, payload)

    def wake(self, names: Iterable[str]) -> None:
        """These channels moved. A hint only: idempotent, and many become one read."""
        for name in names:
            if name == RIGHTS:
                self.spawn(self._settle())
            elif channel := self.channels.get(name):
                delivery.start_pump(self, channel)

    async def _settle(self) -> None:
        try:
            await self.rights.settle()
        except Exception:
            logger.exception("rights cannot be read: the sweep will try again")

    def close_if_empty(self, channel: Channel) -> None:
        """Forget a channel that nobody hears, joins or reads."""
        if channel.idle and self.channels.get(channel.name) is channel:
            del self.channels[channel.name]

    # Who is connected

    def check_connections(self, user: str, address: str) -> None:
        """Whether one more connection of this person, from this address, is within the limits.

        Raises:
            Disconnect: 3504, on all workers together.
        """
        limits = self.policies.limits
        too_many = bool(user) and self.roster.connections_of(user) >= limits.connections_per_user
        if too_many or self.roster.connections_from(address) >= limits.connections_per_address:
            raise Disconnect(*codes.CONNECTION_LIMIT)

    def arrived(self, connection: Connection) -> None:
        """A socket is open; nobody knows yet whose."""
        self.sockets.add(connection)

    def register(self, connection: Connection) -> None:
        """A client has said who it is."""
        self.connections.add(connection)
        self.counts.connects += 1
        journal.opened(connection)
        self.roster.count(connection.who.user, connection.handshake.address, +1)

    def gone(self, connection: Connection, code: int) -> None:
        """A client has gone, or is being closed with this code of ours (0: it left by itself)."""
        connection.closing = True
        self.sockets.discard(connection)
        known = connection in self.connections
        if known or code:
            self.counts.ends[code] += 1
        journal.ended(connection, code, known)
        for name in list(connection.subscriptions):
            self.leave(connection, name)
        if known:
            self.connections.discard(connection)
            self.roster.count(connection.who.user, connection.handshake.address, -1)

    def leave(self, connection: Connection, name: str) -> None:
        """End a subscription; a channel without any is forgotten."""
        subscription = connection.subscriptions.pop(name, None)
        channel = self.channels.get(name)
        if subscription is None or channel is None:
            return
        channel.leave(subscription)
        if self.namespace(name).presence:
            self.roster.exit(name, connection.client)
            tell_presence(self, name, connection.presence, False)
        self.close_if_empty(channel)

    def connections_of(self, user: str) -> list[Connection]:
        """The connections of one user of the host's, here."""
        return [connection for connection in self.connections if connection.who.user == user]

    def end(self, connections: Iterable[Connection], code: int, reason: str) -> None:
        """Close these connections."""
        for connection in list(connections):
            connection.end(code, reason)

    async def _tick_forever(self) -> None:
        """Let a second go by for each client: pings, and ends for those who are silent."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for number, connection in enumerate(list(self.sockets), 1):
                connection.tick(now)
                if number % YIELD_EVERY == 0:
                    await asyncio.sleep(0)

    async def _beat_forever(self) -> None:
        while True:
            self.roster.beat()
            await asyncio.sleep(HEARTBEAT_SECONDS)

"""The hub: one per process. Reads the log when a channel moves, once for all who listen.

A wake-up says that a channel moved; the hub reads what is new, has each event encoded once for each
variant, and writes the same text to every subscriber, without a task or a queue for any of them. A
subscriber joins a channel at the exact number where the hub stands: what it missed is read from the log
first, so that nothing is lost between the two and nothing comes twice.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any

import orjson

from realtime import log, protocol
from realtime.brokers import Broker
from realtime.brokers.in_process import InProcessBroker
from realtime.channel import Channel, Joined
from realtime.connection import Connection
from realtime.policies import Policies
from realtime.sql import dialect, sql

SWEEP_SECONDS = 1.0
PEEK_SECONDS = 0.1
BATCH = 500
# More than this behind, a client refreshes what it shows: that is cheaper for it and for us.
MAX_RECOVERED = 300
YIELD_EVERY = 500
# What one hub tells the others: these channels moved.
MOVED = "moved"

logger = logging.getLogger("realtime.hub")


class Hub:
    """Who is connected to this process, and what they hear.

    Args:
        policies: what the host declares.
        broker: the way to the hubs of other workers; none for a single process.
    """

    def __init__(self, policies: Policies, broker: Broker | None = None) -> None:
        self.policies = policies
        self.broker: Broker = broker or InProcessBroker()
        self.connections: set[Connection] = set()
        self.channels: dict[str, Channel] = {}
        self._opening: dict[str, asyncio.Future[Channel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closings: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] | None = None

    async def start(self) -> None:
        """Listen to the commits of this process and to other workers, and look for what nobody told."""
        self._stop_listening = log.listen(self._committed)
        await self.broker.start(self._told)
        self.spawn(self._sweep_forever())
        self.spawn(self._ping_forever())

    async def stop(self) -> None:
        """End every task of the hub's; connections are closed by the server."""
        if self._stop_listening:
            self._stop_listening()
        await self.broker.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run something beside, and keep hold of it until it ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _committed(self, names: frozenset[str]) -> None:
        self.wake(names)
        self.broker.publish(MOVED, orjson.dumps(list(names)))

    def _told(self, subject: str, payload: bytes) -> None:
        if subject == MOVED:
            self.wake(orjson.loads(payload))

    # Delivery

    def wake(self, names: Iterable[str]) -> None:
        """These channels moved. A hint only: idempotent, and many become one read."""
        for name in names:
            channel = self.channels.get(name)
            if channel is not None:
                channel.dirty = True
                if channel.pump is None:
                    channel.pump = self.spawn(self._pump(channel))

    async def _pump(self, channel: Channel) -> None:
        try:
            while channel.dirty:
                channel.dirty = False
                await self._deliver_new(channel)
        except Exception:
            logger.exception("channel cannot be read: the sweep will try again")
        finally:
            channel.pump = None

    async def _deliver_new(self, channel: Channel) -> None:
        while events := await log.after(channel.name, channel.cursor, BATCH):
            if events[0].offset != channel.cursor + 1:
                await self._start_over(channel)
                return
            for event in events:
                await self._deliver(channel, event)

    async def _deliver(self, channel: Channel, event: log.Event) -> None:
        """Encode for each variant, then write to all in one go: no one can join in between."""
        texts: dict[Hashable, str] = {}
        while missing := channel.subscribers.keys() - texts.keys():
            for variant in missing:
                data = await self.encode(event, variant)
                texts[variant] = protocol.publication(channel.name, event.offset, data)
        channel.cursor = event.offset
        for variant, group in channel.subscribers.items():
            text = texts[variant]
            for connection in list(group):
                connection.send(text)

    async def encode(self, event: log.Event, variant: Hashable) -> bytes:
        """The host's encoding of an event; a fault there costs the content, never the number."""
        namespace = self.policies.namespace(event.channel)
        assert namespace is not None, "a channel with subscribers has a namespace"
        try:
            return await namespace.encode(event, variant)
        except Exception:
            logger.exception("event cannot be encoded", extra={"kind": event.kind, "channel": event.channel})
            return b'{"kind":"error","patches":[]}'

    async def _start_over(self, channel: Channel) -> None:
        """The log has a hole (trimmed, restored): everyone comes back and is told to refresh."""
        position = (await log.positions([channel.name]))[channel.name]
        channel.cursor, channel.epoch = position.offset, position.epoch
        for connection in channel.connections():
            self.unsubscribe(connection, channel.name, 2500, protocol.INSUFFICIENT_STATE[1])

    # Looking for what nobody told us

    async def _sweep_forever(self) -> None:
        """Every second, or as soon as SQLite's file has changed, compare each channel with the log."""
        version, last = -1, 0.0
        while True:
            await asyncio.sleep(PEEK_SECONDS)
            try:
                seen = await self._data_version()
                if seen != version or time.monotonic() - last >= SWEEP_SECONDS:
                    version, last = seen, time.monotonic()
                    await self.sweep()
            except Exception:
                logger.warning("the database does not answer: live waits", exc_info=True)

    async def sweep(self) -> None:
        """Wake the channels that have moved, whoever moved them; renewed logs start over."""
        names = list(self.channels)
        for name, position in (await log.positions(names)).items() if names else ():
            channel = self.channels.get(name)
            if channel is None:
                continue
            if position.epoch != channel.epoch or position.offset < channel.cursor:
                await self._start_over(channel)
            elif position.offset > channel.cursor:
                self.wake([name])

    async def _data_version(self) -> int:
        if dialect() != "sqlite":
            return 0
        rows = await sql("PRAGMA data_version")
        return int(rows[0]["data_version"])

    # Joining and leaving

    async def subscribe(self, connection: Connection, name: str, since: protocol.Since | None) -> Joined:
        """Join a channel that the host has allowed; from `since` on, or from now.

        The caller sends the result without awaiting anything: the next event comes after it.

        Raises:
            ErrorReply: 105 for a channel already joined, 106 for too many.
        """
        if name in connection.channels:
            raise protocol.ErrorReply(*protocol.ALREADY_SUBSCRIBED)
        if len(connection.channels) >= self.policies.max_subscriptions:
            raise protocol.ErrorReply(*protocol.LIMIT_EXCEEDED)
        assert connection.identity is not None, "only a connected client subscribes"
        variant = connection.identity.variant
        connection.channels[name] = False
        try:
            return await self._join(connection, name, variant, since)
        except BaseException:
            connection.channels.pop(name, None)
            raise

    async def _join(
        self, connection: Connection, name: str, variant: Hashable, since: protocol.Since | None
    ) -> Joined:
        channel = await self._open(name)
        missed: list[tuple[int, bytes]] = []
        recovered = since is not None and since.epoch in ("", channel.epoch)
        if since is not None and recovered:
            recovered = await self._catch_up(channel, variant, since.offset, missed)
        # From here to the end nothing awaits: the subscriber stands exactly where the hub does.
        channel = self.channels.setdefault(name, channel)
        if connection.closing:
            raise protocol.Disconnect(*protocol.STALE)
        channel.subscribers.setdefault(variant, set()).add(connection)
        connection.channels[name] = True
        return Joined(channel.cursor, channel.epoch, recovered, tuple(missed) if recovered else ())

    async def _catch_up(
        self, channel: Channel, variant: Hashable, offset: int, missed: list[tuple[int, bytes]]
    ) -> bool:
        """Read what came after `offset`, until standing where the hub does; False if it cannot be whole."""
        if offset > channel.cursor:
            await self._deliver_new(channel)
        if offset > channel.cursor or channel.cursor - offset > MAX_RECOVERED:
            return False
        have = offset
        while have < channel.cursor:
            for event in await log.after(channel.name, have, BATCH):
                if event.offset != have + 1:
                    return False
                if event.offset > channel.cursor:
                    break
                missed.append((event.offset, await self.encode(event, variant)))
                have = event.offset
            if have == offset:
                return False
            offset = have
        return True

    async def _open(self, name: str) -> Channel:
        """The channel, opened once at the log's present position."""
        if name in self.channels:
            return self.channels[name]
        if name not in self._opening:
            self._opening[name] = asyncio.ensure_future(self._read_channel(name))
        try:
            return await asyncio.shield(self._opening[name])
        finally:
            self._opening.pop(name, None)

    async def _read_channel(self, name: str) -> Channel:
        position = (await log.positions([name]))[name]
        return self.channels.setdefault(name, Channel(name, position.offset, position.epoch))

    def leave(self, connection: Connection, name: str) -> None:
        """End a subscription; a channel without any is forgotten."""
        connection.channels.pop(name, None)
        channel = self.channels.get(name)
        if channel is None or connection.identity is None:
            return
        group = channel.subscribers.get(connection.identity.variant, set())
        group.discard(connection)
        if not group:
            channel.subscribers.pop(connection.identity.variant, None)
        if not channel.subscribers and channel.pump is None:
            del self.channels[name]

    def unsubscribe(self, connection: Connection, name: str, code: int, reason: str) -> None:
        """End a subscription and say so: 2000 is final, from 2500 on the client subscribes again."""
        self.leave(connection, name)
        connection.send(protocol.unsubscribe_push(name, code, reason))

    async def reauthorise(self, names: Iterable[str] | None = None) -> None:
        """Ask the host again who may hear these channels (None: all); those who may not, leave."""
        for name in list(self.channels if names is None else names):
            channel, namespace = self.channels.get(name), self.policies.namespace(name)
            if channel is None or namespace is None:
                continue
            for connection in channel.connections():
                assert connection.identity is not None
                if not await namespace.may_subscribe(connection.identity, name):
                    self.unsubscribe(connection, name, *protocol.UNSUBSCRIBED)

    # Connections

    def register(self, connection: Connection) -> None:
        """A client has connected."""
        self.connections.add(connection)

    def forget(self, connection: Connection) -> None:
        """A client has gone."""
        connection.closing = True
        self.connections.discard(connection)
        for name in list(connection.channels):
            self.leave(connection, name)

    def connections_of(self, user: str) -> list[Connection]:
        """The connections of one user of the host's."""
        return [c for c in self.connections if c.identity is not None and c.identity.user == user]

    def disconnect(self, connections: Iterable[Connection], code: int, reason: str) -> None:
        """Close these connections; a client that does not read is closed when it does, or times out."""
        for connection in list(connections):
            self.forget(connection)
            closing = self.spawn(self._close(connection, code, reason))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)

    async def closed(self, patience: float) -> None:
        """Wait until those who were disconnected have been told, for so many seconds at the most."""
        if self._closings:
            await asyncio.wait(list(self._closings), timeout=patience)

    async def _close(self, connection: Connection, code: int, reason: str) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(connection.close(code, reason), protocol.PONG_SECONDS)

    def drop_slow(self, connection: Connection) -> None:
        """A client that does not read fast enough comes back and recovers."""
        self.disconnect([connection], *protocol.SLOW)

    async def _ping_forever(self) -> None:
        """Ping each client in its turn; one that has said nothing since its ping is dead."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for number, connection in enumerate(list(self.connections)):
                self._ping(connection, now)
                if number % YIELD_EVERY == YIELD_EVERY - 1:
                    await asyncio.sleep(0)

    def _ping(self, connection: Connection, now: float) -> None:
        waiting = connection.pinged_at > connection.heard_at
        if waiting and now - connection.pinged_at > protocol.PONG_SECONDS:
            self.disconnect([connection], *protocol.NO_PONG)
        elif not waiting and now - max(connection.pinged_at, connection.heard_at) > protocol.PING_SECONDS:
            connection.pinged_at = now
            connection.send(protocol.PING)

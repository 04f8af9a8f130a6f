"""Who is connected, on two workers: presence and limits hold across both, whatever one misses."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from realtime.brokers import Broker, Heard
from realtime.brokers.in_process import InProcessBroker
from realtime.brokers.redis import RedisBroker
from realtime.connection import Connection
from realtime.examples import tokens
from realtime.examples.open import SECRET, authenticate, kept
from realtime.hub import Hub
from realtime.policies import Handshake, Limits, Policies
from tests.realtime.test_rights import Line
from tests.servers.keeper import free_port
from tests.servers.redis import running_redis
from tests.waiting import until

ids = itertools.count(10)


class Lossy:
    """A broker whose messages are lost while it is deaf, as any broker's may be."""

    def __init__(self, broker: Broker) -> None:
        self.broker, self.deaf = broker, False

    async def start(self, heard: Heard) -> None:
        await self.broker.start(heard)

    def publish(self, subject: str, payload: bytes) -> None:
        if not self.deaf:
            self.broker.publish(subject, payload)

    async def stop(self) -> None:
        await self.broker.stop()


class Worker:
    """A hub and its broker."""

    def __init__(self, broker: Broker, limits: Limits) -> None:
        self.broker = Lossy(broker)
        self.hub = Hub(Policies(authenticate, {"": kept(100)}, limits=limits), self.broker)
        self.stopped = False

    def sees(self, channel: str) -> set[str]:
        """Who is in a channel, as this worker knows."""
        return set(self.hub.roster.present(channel))

    async def stop(self) -> None:
        """End in good order, once."""
        if not self.stopped:
            self.stopped = True
            await self.hub.stop()


class Person:
    """Somebody connected to a worker."""

    def __init__(self, worker: Worker, user: str) -> None:
        self.line, self.user = Line(), user
        address = Handshake({}, "127.0.0.1", True)  # type: ignore[arg-type]
        self.connection = Connection(worker.hub, self.line, address)

    @property
    def client(self) -> str:
        return self.connection.client

    async def asks(self, command: str) -> None:
        """Send a command; return when it is answered, or the line closed."""
        id = next(ids)
        self.connection.receive(f'{{"id":{id},{command}}}')
        await until(lambda: any(said.get("id") == id for said in self.line.heard) or bool(self.line.closed))

    async def connects(self) -> int:
        """Connect: 0, or the code of the refusal."""
        token = tokens.sign({"sub": self.user}, SECRET)
        await self.asks(f'"connect":{{"token":"{token}"}}')
        return self.line.closed[0] if self.line.closed else 0

    async def enters(self, channel: str) -> None:
        await self.asks(f'"subscribe":{{"channel":"{channel}"}}')

    def seen(self, what: str, channel: str = "talk") -> list[str]:
        """Who came ("join") or left ("leave"), as told to this person."""
        pushes = [said["push"] for said in self.line.heard if said.get("push", {}).get("channel") == channel]
        return [push[what]["info"]["client"] for push in pushes if what in push]


Start = Callable[..., Awaitable[Worker]]


@asynccontextmanager
async def workers(make: Callable[[], Broker], limits: Limits | None = None) -> AsyncIterator[Start]:
    """Starts hubs; stops them at the end."""
    async with AsyncExitStack() as stack:

        async def start() -> Worker:
            worker = Worker(make(), limits or Limits())
            await worker.hub.start()
            stack.push_async_callback(worker.stop)
            return worker

        yield start


@pytest.fixture(params=["in process", pytest.param("redis", marks=pytest.mark.servers)])
def make(request: pytest.FixtureRequest, db: None) -> Callable[[], Broker]:
    """Brokers of one site."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        return lambda: RedisBroker(url, subject=request.node.name)
    return lambda: InProcessBroker(request.node.name)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats come more often than in life."""
    monkeypatch.setattr("realtime.hub.HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("realtime.roster.GONE_SECONDS", 0.5)
    monkeypatch.setattr("realtime.roster.ASK_SECONDS", 0.05)


async def know_each_other(*all_of_them: Worker) -> None:
    """Wait until each hub has heard of the others."""
    for worker in all_of_them:
        others = {other.hub.roster.me for other in all_of_them if other is not worker}
        await until(lambda worker=worker, others=others: worker.hub.roster.others.keys() == others)


async def in_the_room(worker: Worker, user: str) -> Person:
    """Somebody who has connected to a worker and entered the channel."""
    person = Person(worker, user)
    assert await person.connects() == 0
    await person.enters("talk")
    return person


async def test_each_sees_those_at_the_other_worker_come_and_go(
    make: Callable[[], Broker], quick: None
) -> None:
    async with workers(make) as start:
        first, second = await start(), await start()
        await know_each_other(first, second)
        alice, bob = await in_the_room(first, "alice"), await in_the_room(second, "bob")
        await until(lambda: alice.seen("join") == [alice.client, bob.client])
        for worker in (first, second):
            await until(lambda worker=worker: worker.sees("talk") == {alice.client, bob.client})
        assert first.hub.roster.present("talk")[bob.client] == {"user": "bob", "client": bob.client}
        await bob.asks('"unsubscribe":{"channel":"talk"}')
        await until(lambda: alice.seen("leave") == [bob.client])
        await bob.enters("talk")
        bob.connection.lost()
        await until(lambda: alice.seen("leave") == [bob.client] * 2)
        assert second.sees("talk") == {alice.client}


async def test_a_worker_that_starts_late_learns_who_is_there(make: Callable[[], Broker], quick: None) -> None:
    async with workers(make) as start:
        first = await start()
        alice = await in_the_room(first, "alice")
        second = await start()
        await until(lambda: second.sees("talk") == {alice.client})
        assert second.hub.roster.connections_of("alice") == 1


async def test_nobody_has_more_connections_than_allowed_on_all_workers_together(
    make: Callable[[], Broker], quick: None
) -> None:
    async with workers(make, Limits(connections_per_user=2, connections_per_address=4)) as start:
        first, second = await start(), await start()
        await know_each_other(first, second)
        people = [Person(first, "alice"), Person(second, "alice")]
        assert [await person.connects() for person in people] == [0, 0]
        for worker in (first, second):
            await until(lambda worker=worker: worker.hub.roster.connections_of("alice") == 2)
            assert await Person(worker, "alice").connects() == 3504
        others = [Person(first, "bob"), Person(second, "carol"), Person(first, "dora")]
        assert await others[0].connects() == 0
        assert await others[1].connects() == 0
        await until(lambda: first.hub.roster.connections_from("127.0.0.1") == 4)
        assert await others[2].connects() == 3504
        people[1].connection.lost()
        await until(lambda: first.hub.roster.connections_of("alice") == 1)
        assert await Person(first, "alice").connects() == 0


async def test_those_of_a_worker_that_stops_are_gone_at_once(make: Callable[[], Broker]) -> None:
    async with workers(make) as start:
        first, second = await start(), await start()
        await know_each_other(first, second)
        alice, bob = await in_the_room(first, "alice"), await in_the_room(second, "bob")
        await until(lambda: alice.seen("join") == [alice.client, bob.client])
        await second.stop()
        await until(lambda: alice.seen("leave") == [bob.client])
        assert first.hub.roster.connections_of("bob") == 0


async def test_those_of_a_worker_that_dies_are_gone_soon(make: Callable[[], Broker], quick: None) -> None:
    async with workers(make) as start:
        first, second = await start(), await start()
        await know_each_other(first, second)
        alice, bob = await in_the_room(first, "alice"), await in_the_room(second, "bob")
        await until(lambda: alice.seen("join") == [alice.client, bob.client])
        second.broker.deaf = True
        await until(lambda: alice.seen("leave") == [bob.client])
        assert first.hub.roster.connections_of("bob") == 0
        assert first.hub.roster.connections_from("127.0.0.1") == 1


async def test_what_was_lost_on_the_way_is_made_good(make: Callable[[], Broker], quick: None) -> None:
    async with workers(make) as start:
        first, second = await start(), await start()
        await know_each_other(first, second)
        alice = await in_the_room(first, "alice")
        bob, carol = await in_the_room(second, "bob"), await in_the_room(second, "carol")
        await until(lambda: alice.seen("join") == [alice.client, bob.client, carol.client])
        second.broker.deaf = True
        bob.connection.lost()
        dora = await in_the_room(second, "dora")
        second.broker.deaf = False
        await until(lambda: alice.seen("leave") == [bob.client])
        await until(lambda: alice.seen("join")[3:] == [dora.client])
        there = {alice.client, carol.client, dora.client}
        assert first.sees("talk") == there
        assert first.hub.roster.connections_of("bob") == 0


@pytest.mark.servers
async def test_without_redis_each_counts_alone_and_with_it_together_again(db: None, quick: None) -> None:
    port = free_port()
    async with workers(lambda: RedisBroker(f"redis://127.0.0.1:{port}/0")) as start:
        with running_redis(port):
            first, second = await start(), await start()
            await know_each_other(first, second)
            alice, bob = await in_the_room(first, "alice"), await in_the_room(second, "bob")
            await until(lambda: alice.seen("join") == [alice.client, bob.client])
        await until(lambda: alice.seen("leave") == [bob.client])
        carol = await in_the_room(second, "carol")
        assert second.sees("talk") == {bob.client, carol.client}
        with running_redis(port):
            await until(lambda: set(alice.seen("join")[2:]) == {bob.client, carol.client})
            for worker in (first, second):
                await until(lambda worker=worker: len(worker.sees("talk")) == 3)

"""One suite for every broker: it carries quickly, loses without harm, and comes back by itself."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from realtime.brokers import Broker
from realtime.brokers.in_process import InProcessBroker
from realtime.brokers.redis import RedisBroker
from tests.servers.keeper import free_port
from tests.servers.redis import running_redis
from tests.waiting import until

Made = Callable[[], Broker]


@pytest.fixture(params=["in process", pytest.param("redis", marks=pytest.mark.servers)])
def make(request: pytest.FixtureRequest) -> Made:
    """A broker of one site, as many times as there are workers."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        return lambda: RedisBroker(url, subject=request.node.name)
    return lambda: InProcessBroker(request.node.name)


@asynccontextmanager
async def listening(broker: Broker) -> AsyncIterator[list[tuple[str, bytes]]]:
    """A started broker, and what it hears."""
    heard: list[tuple[str, bytes]] = []
    await broker.start(lambda subject, payload: heard.append((subject, payload)))
    yield heard
    await broker.stop()


async def acquainted(first: Broker, second: list[tuple[str, bytes]]) -> None:
    """Wait until what the first says arrives: a broker may lose what is said before its line stands."""

    def arrived() -> bool:
        first.publish("hello", b"")
        return ("hello", b"") in second

    await until(arrived)
    second.clear()


async def test_a_worker_hears_the_others_in_order_and_not_itself(make: Made) -> None:
    first, second, third = make(), make(), make()
    async with listening(first) as mine, listening(second) as theirs, listening(third) as too:
        await acquainted(first, theirs)
        await acquainted(first, too)
        theirs.clear()
        for n in range(200):
            first.publish("moved", f'["topic:{n}"]'.encode())
        everything = [("moved", f'["topic:{n}"]'.encode()) for n in range(200)]
        await until(lambda: [said for said in theirs if said[0] == "moved"] == everything)
        await until(lambda: [said for said in too if said[0] == "moved"] == everything)
        assert mine == []


async def test_sites_that_share_a_broker_do_not_hear_each_other(redis_url: str) -> None:
    ours, same, other = (RedisBroker(redis_url, subject=name) for name in ("ours", "ours", "theirs"))
    async with listening(ours), listening(same) as heard, listening(other) as foreign:
        await acquainted(ours, heard)
        ours.publish("moved", b"[]")
        await until(lambda: ("moved", b"[]") in heard)
        assert foreign == []


async def test_nobody_waits_for_a_redis_that_is_away() -> None:
    nowhere = RedisBroker("redis://127.0.0.1:1/0")
    async with listening(nowhere) as heard:
        for _n in range(20_000):
            nowhere.publish("moved", b"[]")
        await until(lambda: nowhere.away == {"_send", "_listen"})
        assert heard == []


@pytest.mark.servers
async def test_workers_hear_each_other_again_after_redis_was_stopped_and_started() -> None:
    port = free_port()
    first, second = (RedisBroker(f"redis://127.0.0.1:{port}/0") for _n in range(2))
    async with listening(first), listening(second) as heard:
        with running_redis(port):
            await acquainted(first, heard)
        await until(lambda: "_listen" in second.away)
        with running_redis(port):
            await acquainted(first, heard)


@pytest.mark.servers
async def test_workers_hear_each_other_again_after_redis_was_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.brokers.redis.QUIET_SECONDS", 0.2)
    with running_redis() as url:
        async with Redis.from_url(url) as control:
            pid = int((await control.info("server"))["process_id"])
        first, second = RedisBroker(url), RedisBroker(url)
        async with listening(first), listening(second) as heard:
            await acquainted(first, heard)
            os.kill(pid, signal.SIGSTOP)
            first.publish("moved", b"[]")
            await until(lambda: "_send" in first.away and "_listen" in second.away)
            os.kill(pid, signal.SIGCONT)
            await acquainted(first, heard)


@pytest.mark.servers
async def test_workers_hear_each_other_again_after_redis_cut_them_off(redis_url: str) -> None:
    first, second = RedisBroker(redis_url), RedisBroker(redis_url)
    async with listening(first), listening(second) as heard, Redis.from_url(redis_url) as control:
        await acquainted(first, heard)
        await control.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await acquainted(first, heard)

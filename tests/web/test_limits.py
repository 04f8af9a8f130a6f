"""Rate limits: held by all workers together, and harmless to people when Redis is away."""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis

from forum.errors import TooMany, Unavailable
from forum.i18n import format_wait, speaking
from forum.limits import Limits
from tests.servers.keeper import free_port
from tests.servers.redis import running_redis
from tests.waiting import until

SIGN_INS = 10
Make = Callable[[str], Limits]


@pytest.fixture
async def make_limits() -> AsyncIterator[Make]:
    """Limits as a worker has them; closed at the end."""
    made: list[Limits] = []

    def make(url: str) -> Limits:
        made.append(Limits(url))
        return made[-1]

    yield make
    for limits in made:
        await limits.close()


async def refused(spending: Awaitable[None], error: type[Exception]) -> bool:
    """Whether this is refused in this way."""
    try:
        await spending
    except error:
        return True
    return False


@pytest.mark.servers
async def test_guesses_at_two_workers_are_counted_together(redis_url: str, make_limits: Make) -> None:
    first, second = make_limits(redis_url), make_limits(redis_url)
    for n in range(SIGN_INS):
        await (first, second)[n % 2].spend("sign_in_account", "alice")
    for worker in (first, second):
        with pytest.raises(TooMany) as refusal:
            await worker.spend("sign_in_account", "alice")
        assert 0 < refusal.value.wait <= 15 * 60 + 1
    await second.spend("sign_in_account", "bob")


@pytest.mark.servers
async def test_without_redis_people_post_but_nobody_guesses_passwords(
    monkeypatch: pytest.MonkeyPatch, make_limits: Make
) -> None:
    monkeypatch.setattr("forum.limits.REST_SECONDS", 0.1)
    port = free_port()
    limits = make_limits(f"redis://127.0.0.1:{port}/0")
    await limits.spend("post", 7)
    with pytest.raises(Unavailable):
        await limits.spend("sign_in_account", "alice")
    with running_redis(port):
        await until(lambda: _signs_in(limits))


async def _signs_in(limits: Limits) -> bool:
    return not await refused(limits.spend("sign_in_account", "alice"), Unavailable)


@pytest.mark.servers
async def test_each_worker_counts_alone_while_redis_is_frozen(
    monkeypatch: pytest.MonkeyPatch, make_limits: Make
) -> None:
    monkeypatch.setattr("realtime.brokers.redis.TIMEOUT_SECONDS", 0.2)
    with running_redis() as url:
        limits = make_limits(url)
        await limits.spend("vote", 7)
        async with Redis.from_url(url) as control:
            pid = int((await control.info("server"))["process_id"])
        os.kill(pid, signal.SIGSTOP)
        for _n in range(60):
            await limits.spend("vote", 7)
        assert await refused(limits.spend("vote", 7), TooMany)
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1, "1\u00a0seconde"), (40, "40\u00a0secondes"), (100, "2 minutes"), (888, "15 minutes")],
)
def test_whoever_asked_too_often_is_told_how_long_to_wait_in_words(seconds: int, told: str) -> None:
    with speaking("fr"):
        assert format_wait(seconds) == told

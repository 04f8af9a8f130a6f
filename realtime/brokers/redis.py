"""The broker of several workers: Redis pub/sub, one subject for the whole site.

Pub/sub forgets at once, and that is enough: what is lost while Redis is away, full or frozen, each hub's
sweep of the log finds within a second. So nothing here waits for Redis on behalf of a person.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from secrets import token_hex
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from realtime.brokers import Heard

TIMEOUT_SECONDS = 1.0
RETRY_SECONDS = 0.5
QUIET_SECONDS = 5.0
MAX_WAITING = 10_000

logger = logging.getLogger("realtime.broker")


class RedisBroker:
    """Publishes from one task, listens from another; each comes back by itself when Redis does.

    Args:
        url: `redis://host:port/db`, `rediss://…` or `unix://path?db=0`.
        subject: the Redis channel of this site; sites that share a Redis need different ones.
    """

    def __init__(self, url: str, subject: str = "realtime") -> None:
        self.url, self.subject = url, subject
        self._me = token_hex(8)
        self._waiting: deque[tuple[str, str]] = deque(maxlen=MAX_WAITING)
        self._ready, self._all_sent = asyncio.Event(), asyncio.Event()
        self._all_sent.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._heard: Heard | None = None
        self.away: set[str] = set()

    @property
    def answers(self) -> bool:
        """Whether Redis takes and brings what is said."""
        return not self.away

    async def start(self, heard: Heard) -> None:
        """Begin to carry; Redis may come later."""
        self._heard = heard
        self._tasks = [asyncio.create_task(self._persist(work)) for work in (self._send, self._listen)]

    def publish(self, subject: str, payload: bytes) -> None:
        """Tell the other workers soon; the oldest messages are dropped when ten thousand wait."""
        self._waiting.append((subject, payload.decode()))
        self._all_sent.clear()
        self._ready.set()

    async def stop(self) -> None:
        """Carry no more; what waits goes first, unless Redis does not answer."""
        if self._tasks and "_send" not in self.away:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_sent.wait(), TIMEOUT_SECONDS)
        running = set(self._tasks)
        while running:
            # More than once: redis-py swallows a cancellation that comes while it connects.
            for task in running:
                task.cancel()
            _done, running = await asyncio.wait(running, timeout=0.1)

    async def _persist(self, work: Callable[[Redis], Awaitable[None]]) -> None:
        """Do this for ever; an outage is said once, and so is its end."""
        while True:
            try:
                async with connection(self.url) as redis:
                    await work(redis)
            except (RedisError, OSError, ValueError) as error:
                if work.__name__ not in self.away:
                    logger.warning(
                        "Redis does not answer: live goes by the log", extra={"error": repr(error)}
                    )
                self.away.add(work.__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _send(self, redis: Redis) -> None:
        """What has gathered meanwhile goes in one message."""
        await redis.ping()
        while True:
            self._came_back("_send")
            await self._ready.wait()
            self._ready.clear()
            batch = [self._me, *self._waiting]
            self._waiting.clear()
            await redis.publish(self.subject, orjson.dumps(batch))
            if not self._waiting:
                self._all_sent.set()

    async def _listen(self, redis: Redis) -> None:
        async with redis.pubsub() as ear:
            await ear.subscribe(self.subject)
            while True:
                message = await _next(ear)
                self._came_back("_listen")
                if message["type"] == "message":
                    self._hear(message["data"])

    def _came_back(self, work: str) -> None:
        if work in self.away:
            self.away.discard(work)
            logger.info("Redis answers again")

    def _hear(self, data: bytes) -> None:
        sender, *messages = orjson.loads(data)
        if sender == self._me or self._heard is None:
            return
        for subject, payload in messages:
            self._heard(subject, payload.encode())


async def _next(ear: PubSub) -> dict[str, Any]:
    """What Redis says next. When it says nothing for a while it is asked: a line can die without a word."""
    message = await ear.get_message(timeout=QUIET_SECONDS)
    if message is None:
        await ear.ping()
        message = await ear.get_message(timeout=TIMEOUT_SECONDS)
    if message is None:
        raise RedisConnectionError("Redis is silent")
    return dict(message)


def connection(url: str) -> Redis:
    """A client that gives up after a second and tries nothing again by itself: its caller knows better."""
    return Redis.from_url(
        url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )

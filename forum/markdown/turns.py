"""Who goes next when all places are taken: the shortest text, so that ordinary ones pass before bombs."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Turns:
    """A semaphore that lets the shortest go first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    @asynccontextmanager
    async def turn(self, length: int, seconds: float) -> AsyncIterator[None]:
        """Hold a place.

        Raises:
            TimeoutError: none came free in so many seconds.
        """
        await self._wait(length, seconds)
        try:
            yield
        finally:
            self._give_back()

    async def _wait(self, length: int, seconds: float) -> None:
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (length, next(self._arrivals), called))
        try:
            async with asyncio.timeout(seconds):
                await called
        except BaseException:
            if called.done() and not called.cancelled():
                self._give_back()
            raise

    def _give_back(self) -> None:
        while self._waiting:
            *_order, called = heapq.heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self._free += 1

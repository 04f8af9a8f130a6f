"""Waiting for a fact, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(fact: Callable[[], Awaitable[bool] | bool], seconds: float = 20.0) -> None:
    """Look again every few milliseconds until the fact holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = fact()
        if await found if isinstance(found, Awaitable) else found:
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)

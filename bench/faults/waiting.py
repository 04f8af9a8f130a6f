"""Waiting for a fact, with a limit."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(
    fact: Callable[[], Awaitable[bool] | bool], seconds: float, what: str = "it", pause: float = 0.005
) -> float:
    """Look again every few milliseconds until the fact holds; the seconds that it took.

    Raises:
        TimeoutError: it does not, after so many seconds.
    """
    began = monotonic()
    while True:
        found = fact()
        if await found if isinstance(found, Awaitable) else found:
            return monotonic() - began
        if monotonic() - began > seconds:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        await asyncio.sleep(pause)

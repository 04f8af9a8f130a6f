"""Moving windows that rate limits are counted in: of this process, or of all workers through Redis."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["StorageError", "Windows"]


class Windows:
    """Counts of these rates.

    Args:
        rates: by name, as `limits` reads them ("10/15 minutes").
        redis: where all workers count together; None for this process alone.
        site: what the counts are named by there.
    """

    def __init__(self, rates: Mapping[str, str], redis: "Redis | None" = None, site: str = "") -> None:
        self._rates: dict[str, RateLimitItem] = {name: parse(rate) for name, rate in rates.items()}
        self._limiter = MovingWindowRateLimiter(_shared(redis, site) if redis else MemoryStorage())

    async def hit(self, name: str, who: str, most: int | None = None) -> bool:
        """Count one more of this by this one; whether the rate still holds.

        Args:
            most: how many the window holds, where that is not what the rate itself says.

        Raises:
            StorageError: Redis does not answer.
        """
        return await self._limiter.hit(self._rate(name, most), name, who)

    async def free_again(self, name: str, who: str, most: int | None = None) -> float:
        """When one more may be counted, in seconds since 1970.

        Raises:
            StorageError: Redis does not answer.
        """
        window = await self._limiter.get_window_stats(self._rate(name, most), name, who)
        return float(window.reset_time)

    def _rate(self, name: str, most: int | None) -> RateLimitItem:
        rate = self._rates[name]
        return rate if most is None else type(rate)(most, rate.multiples)


def _shared(redis: "Redis", site: str) -> RedisStorage:
    """Counts kept in Redis, through our client (the address that it has is its own)."""
    return RedisStorage(
        "async+redis://",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix=f"{site}:limits",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its documentation names it
    )

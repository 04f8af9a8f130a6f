"""Rate limits, per account and per address; honest 429 answers."""

import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from forum.errors import TooMany
from forum.i18n import ngettext

RATES = {
    "sign_in_address": "30/15 minutes",
    "sign_in_account": "10/15 minutes",
    "post": "30/10 minutes",
    "vote": "60/minute",
    "preview": "120/minute",
    "api_key": "60/minute",
    "api_user": "20/minute",
}


class Limits:
    """Counts in memory, or in Redis when there are several workers.

    Args:
        redis_url: None for one worker.
        enabled: False lifts every limit (benchmarks, importers of one's own).
    """

    def __init__(self, redis_url: str | None = None, enabled: bool = True) -> None:
        storage = RedisStorage(f"async+{redis_url}") if redis_url else MemoryStorage()
        self._limiter = MovingWindowRateLimiter(storage)
        self._rates: dict[str, RateLimitItem] = {name: parse(rate) for name, rate in RATES.items()}
        self.enabled = enabled

    async def spend(self, name: str, who: str | int) -> None:
        """Count one more of this by this one.

        Raises:
            TooMany: the rate is used up; says how long to wait.
        """
        if not self.enabled:
            return
        rate = self._rates[name]
        if not await self._limiter.hit(rate, name, str(who)):
            window = await self._limiter.get_window_stats(rate, name, str(who))
            wait = max(1, int(window.reset_time - time.time()) + 1)
            sentence = ngettext(
                "Too many requests: try again in %(n)d second.",
                "Too many requests: try again in %(n)d seconds.",
                wait,
            )
            raise TooMany(sentence % {"n": wait}, wait)

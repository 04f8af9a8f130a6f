"""Rate limits, per account and per address; honest 429 answers."""

import logging
import time
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from forum.errors import TooMany, Unavailable
from forum.i18n import format_wait
from forum.i18n import gettext as _

if TYPE_CHECKING:
    from redis.asyncio import Redis

RATES = {
    "sign_in_address": "30/15 minutes",
    "sign_in_account": "10/15 minutes",
    "sign_in_device": "10/15 minutes",
    "sign_up": "30/hour",
    "mail_address": "30/hour",
    "mail_account": "12/30 minutes",
    "mail_account_address": "3/30 minutes",
    "password_check": "10/15 minutes",
    "second_factor": "10/15 minutes",
    "second_factor_account": "60/hour",
    "post": "30/10 minutes",
    "vote": "60/minute",
    "flag": "20/hour",
    "invite": "20/day",
    "organisation_code": "3/day",
    "organisation_mail": "10/day",
    "preview": "120/minute",
    "search": "120/minute",
    # One question for each pause of somebody who types without end.
    "similar": "150/minute",
    "search_typing": "150/minute",
    "picture": "20/hour",
    "upload": "60/hour",
    "api_key": "60/minute",
    "api_user": "20/minute",
}


# While Redis is away a sign-in is refused rather than uncounted; the rest is counted by each process.
NEVER_UNCOUNTED = (
    "sign_in_address", "sign_in_account", "sign_in_device", "password_check", "second_factor",
    "second_factor_account",
)  # fmt: skip
REST_SECONDS = 5.0

logger = logging.getLogger("relais.limits")


class Limits:
    """Counts in memory, or in Redis when there are several workers.

    Args:
        redis_url: None for one worker.
        site: what this site's counts are named by, in a Redis that it shares.
        enabled: False lifts every limit (benchmarks, importers of one's own).
    """

    def __init__(self, redis_url: str | None = None, site: str = "relais", enabled: bool = True) -> None:
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._redis = _connection(redis_url) if redis_url else None
        self._together = _counting_in(self._redis, site) if self._redis else None
        self._away_until = 0.0
        self._rates: dict[str, RateLimitItem] = {name: parse(rate) for name, rate in RATES.items()}
        self.enabled = enabled

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.aclose()

    async def spend(self, name: str, who: str | int) -> None:
        """Count one more of this by this one.

        Raises:
            TooMany: the rate is used up; says how long to wait.
            Unavailable: a sign-in that cannot be counted, because Redis is away.
        """
        if not self.enabled:
            return
        limiter = self._limiter(name)
        try:
            await self._spend(limiter, name, str(who))
        except StorageError as error:
            self._redis_is_away(error)
            await self._spend(self._limiter(name), name, str(who))

    async def allows(self, name: str, who: str) -> bool:
        """Count one more, and say whether the rate holds: for what is passed over without a word."""
        try:
            await self.spend(name, who)
        except TooMany:
            return False
        return True

    def _limiter(self, name: str) -> MovingWindowRateLimiter:
        """Redis's; while it is away this process's own, for what may be counted by each."""
        if self._together is None:
            return self._alone
        if time.monotonic() >= self._away_until:
            return self._together
        if name in NEVER_UNCOUNTED:
            raise Unavailable(_("Signing in is not possible for a moment. Please try again."))
        return self._alone

    def _redis_is_away(self, error: StorageError) -> None:
        """Nobody waits for it again before some seconds are over."""
        logger.warning(
            "Redis does not answer: limits are counted by each worker", extra={"error": repr(error)}
        )
        self._away_until = time.monotonic() + REST_SECONDS

    async def _spend(self, limiter: MovingWindowRateLimiter, name: str, who: str) -> None:
        rate = self._rates[name]
        if not await limiter.hit(rate, name, who):
            window = await limiter.get_window_stats(rate, name, who)
            wait = max(1, int(window.reset_time - time.time()) + 1)
            sentence = _("Too many requests: try again in %(wait)s.")
            raise TooMany(sentence % {"wait": format_wait(wait)}, wait, name)


def _connection(redis_url: str) -> "Redis":
    """A client that gives up soon; its library is loaded only where there is a Redis."""
    from realtime.brokers.redis import connection

    return connection(redis_url)


def _counting_in(redis: "Redis", site: str) -> MovingWindowRateLimiter:
    """Counts kept in Redis, through our client (the address that it has is its own)."""
    from limits.aio.storage import RedisStorage

    storage = RedisStorage(
        "async+redis://",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix=f"{site}:limits",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its documentation names it
    )
    return MovingWindowRateLimiter(storage)

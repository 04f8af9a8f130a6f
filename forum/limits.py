"""Rate limits, per account and per address; honest 429 answers."""

import logging
import time
from functools import cached_property
from typing import TYPE_CHECKING

from forum.errors import TooMany, Unavailable
from forum.i18n import format_wait
from forum.i18n import gettext as _

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from forum.windows import Windows

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
        self._redis = _connection(redis_url) if redis_url else None
        self._site = site
        self._away_until = 0.0
        self.enabled = enabled

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.aclose()

    async def spend(self, name: str, who: str | int, most: int | None = None) -> None:
        """Count one more of this by this one.

        Args:
            most: how many a window holds, where the site's settings say so.

        Raises:
            TooMany: the rate is used up; says how long to wait.
            Unavailable: a sign-in that cannot be counted, because Redis is away.
        """
        if not self.enabled:
            return
        from forum.windows import StorageError

        windows = self._windows(name)
        try:
            await _spend(windows, name, str(who), most)
        except StorageError as error:
            self._redis_is_away(error)
            await _spend(self._windows(name), name, str(who), most)

    async def allows(self, name: str, who: str) -> bool:
        """Count one more, and say whether the rate holds: for what is passed over without a word."""
        try:
            await self.spend(name, who)
        except TooMany:
            return False
        return True

    def _windows(self, name: str) -> "Windows":
        """Redis's; while it is away this process's own, for what may be counted by each."""
        if self._together is None:
            return self._alone
        if time.monotonic() >= self._away_until:
            return self._together
        if name in NEVER_UNCOUNTED:
            raise Unavailable(_("Signing in is not possible for a moment. Please try again."))
        return self._alone

    # The library loads with the first thing counted: a start does without it.

    @cached_property
    def _alone(self) -> "Windows":
        from forum.windows import Windows

        return Windows(RATES)

    @cached_property
    def _together(self) -> "Windows | None":
        from forum.windows import Windows

        return Windows(RATES, self._redis, self._site) if self._redis else None

    def _redis_is_away(self, error: Exception) -> None:
        """Nobody waits for it again before some seconds are over."""
        logger.warning(
            "Redis does not answer: limits are counted by each worker", extra={"error": repr(error)}
        )
        self._away_until = time.monotonic() + REST_SECONDS


async def _spend(windows: "Windows", name: str, who: str, most: int | None) -> None:
    if not await windows.hit(name, who, most):
        wait = max(1, int(await windows.free_again(name, who, most) - time.time()) + 1)
        sentence = _("Too many requests: try again in %(wait)s.")
        raise TooMany(sentence % {"wait": format_wait(wait)}, wait, name)


def _connection(redis_url: str) -> "Redis":
    """A client that gives up soon; its library is loaded only where there is a Redis."""
    from realtime.brokers.redis import connection

    return connection(redis_url)

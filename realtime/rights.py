"""Who may no longer hear what: told through the log itself, applied on every worker.

A change of rights is a fact of the transaction that makes it:

    async with log.transaction() as record:
        ...                                   # the group is left, the topic moved, the session ended
        rights.user_changed(record, "7")

Every hub follows this channel. Before it sends anything it has applied every change of rights that was
committed before that thing was read (`Follower.settle`), so that nothing written for fewer people reaches
one who has just stopped being among them; and a change takes effect within a second, also where nothing
is said.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from realtime import log
from realtime.log import Record
from realtime.sql import moment

# Declared by no policy: no client can hear it.
RIGHTS = "$rights"
BATCH = 500

logger = logging.getLogger("realtime.rights")


def session_ended(record: Record, session: str) -> None:
    """Connections opened with this session (`Identity.session`) end: 3500, do not come back."""
    record(RIGHTS, "session.ended", session=session)


def user_stopped(record: Record, user: str) -> None:
    """The connections of a suspended or deleted account end: 3503, do not come back."""
    record(RIGHTS, "user.stopped", user=user)


def user_changed(record: Record, user: str) -> None:
    """This user may hear more or less than before: groups, roles."""
    record(RIGHTS, "user.changed", user=user)


def channel_changed(record: Record, channel: str) -> None:
    """This channel has another audience: moved, deleted, recovered."""
    record(RIGHTS, "channel.changed", name=channel)


def everything_changed(record: Record) -> None:
    """Rules that concern many channels have changed: a theme's groups, say."""
    record(RIGHTS, "everything.changed")


class Follower:
    """Applies the changes of rights, once each, in order.

    Args:
        apply: what to do about one of them.
        start_over: what to do when some may have been missed: ask everyone about everything.
    """

    def __init__(
        self, apply: Callable[[log.Event], Awaitable[None]], start_over: Callable[[], Awaitable[None]]
    ) -> None:
        self._apply, self._start_over = apply, start_over
        self._running: asyncio.Future[None] | None = None
        self._next: asyncio.Future[None] | None = None
        self._epoch = ""
        self._cursor = 0
        # When the log was last seen to hold no more than has been applied.
        self._settled_at: object = None
        # Moves before each change is applied: whoever had asked about rights before that must ask again.
        self.moves = 0

    async def start(self) -> None:
        """Stand at the log's present end: whoever connects from now on is asked afresh."""
        position = (await log.positions([RIGHTS]))[RIGHTS]
        self._cursor, self._epoch = position.offset, position.epoch

    async def stop(self) -> None:
        """Follow no more."""
        reading = [task for task in (self._running, self._next) if task is not None]
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    async def settle(self, seen: object = None) -> None:
        """Return when every change committed before this call has been applied here.

        One read serves all who call meanwhile: a read that had begun before they did is not enough.

        Args:
            seen: a moment (`sql.moment`) that was looked at after all that is about to be sent was read:
                whatever is committed after it was not read either.

        Raises:
            OperationalError: the database does not answer; nothing may be sent.
        """
        if (moment() if seen is None else seen) == self._settled_at:
            return
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._catch_up())
            await asyncio.shield(self._running)
            return
        if self._next is None or self._next.done():
            self._next = asyncio.ensure_future(self._after(self._running))
        await asyncio.shield(self._next)

    async def _after(self, running: "asyncio.Future[None]") -> None:
        await asyncio.wait([running])
        self._running = self._next
        await self._catch_up()

    async def _catch_up(self) -> None:
        asked_at = moment()
        while events := await log.after(RIGHTS, self._cursor, BATCH):
            if events[0].offset != self._cursor + 1:
                await self._lost_track()
                return
            for event in events:
                self.moves += 1
                await self._apply(event)
                self._cursor = event.offset
            asked_at = moment()
        self._settled_at = asked_at

    async def check(self, position: log.Position) -> None:
        """Compare with where the log stands: move on, or start over when it was restored over our head.

        Raises:
            OperationalError: the database does not answer.
        """
        if position.epoch != self._epoch or position.offset < self._cursor:
            await self._lost_track()
        elif position.offset > self._cursor:
            await self.settle()

    async def _lost_track(self) -> None:
        position = (await log.positions([RIGHTS]))[RIGHTS]
        self.moves += 1
        await self._start_over()
        self._cursor, self._epoch = position.offset, position.epoch

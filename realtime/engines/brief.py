"""Brief reads, made right where they are asked: without the journey to a thread.

A few rows found by their keys cost SQLite some twenty microseconds; the journey to a thread and back costs
Python many times that, most of all where two cores wait for its one lock. What could hold the loop up is
kept out: this connection waits for no lock, and when reads took long (a slow disk, huge rows) the threads
have the next ones again, for a while. What counts is what a read did itself (the disk, much to compute):
one that was only kept waiting for the processor would wait in a thread as long.
"""

import resource
import sqlite3
import time
from contextvars import copy_context
from typing import Any

from realtime.engines.at_once import HereAndNow, Result, StatementsAtOnce, Work, read_by

SLOW_SECONDS = 0.02
# Slow ones may hold the loop up for so many seconds at a time, and for this share of it in the long run.
BURST_SECONDS = 0.25
SHARE = 0.02
# This thread's own figures; where the system counts whole processes only, theirs.
RUSAGE = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)


class BriefReader:
    """The connection of the loop's own thread.

    Args:
        client: Tortoise's client, for whom it reads.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._connection: sqlite3.Connection | None = None
        self._statements: StatementsAtOnce | None = None
        self._held_up = HeldUp()
        self._opened = object()

    def open(self, file: str) -> None:
        """Open the file, read-only."""
        self._connection = sqlite3.connect(
            f"file:{file}?mode=ro", uri=True, isolation_level=None, timeout=0, cached_statements=256
        )
        self._connection.row_factory = sqlite3.Row
        self._opened = object()
        self._connection.execute("PRAGMA query_only=ON")
        self._statements = StatementsAtOnce(self._client, HereAndNow(self._connection), writes=False)

    def close(self) -> None:
        """Close it."""
        connection, self._connection, self._statements = self._connection, None, None
        if connection is not None:
            connection.close()

    @property
    def ready(self) -> bool:
        """False while the threads have the reads."""
        return self._connection is not None and self._held_up.at(time.monotonic()) <= BURST_SECONDS

    def moment(self) -> object:
        """The number that SQLite moves when another connection commits (`PRAGMA data_version`)."""
        if self._connection is None:
            return object()
        try:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.OperationalError:  # locked: it may be changing now
            return object()
        return (self._opened, version)

    def read(self, read: Work[Result]) -> Result:
        """Run `read` here, in one snapshot.

        Raises:
            OperationalError: a lock, say: let a thread wait for it. Or what `read` raises.
        """
        assert self._statements is not None, "asked before it was opened"
        before, started = resource.getrusage(RUSAGE), time.monotonic()
        try:
            return read_by(self._statements, copy_context(), read)
        finally:
            ended = time.monotonic()
            if ended - started > SLOW_SECONDS and (took := _worked(before, ended - started)) > SLOW_SECONDS:
                self._held_up.add(ended, took)


def _worked(before: resource.struct_rusage, seconds: float) -> float:
    """Of these seconds since then, those that this thread worked: all of them if it read from the disk."""
    after = resource.getrusage(RUSAGE)
    if after.ru_inblock > before.ru_inblock:
        return seconds
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class HeldUp:
    """For how long slow reads have held the loop up lately: a leaky bucket of seconds."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._then = 0.0

    def at(self, now: float) -> float:
        """What is left of it by `now` (seconds of the monotonic clock)."""
        return max(0.0, self._seconds - SHARE * (now - self._then))

    def add(self, now: float, seconds: float) -> None:
        """One more, which ended `now`."""
        self._seconds, self._then = self.at(now) + seconds, now

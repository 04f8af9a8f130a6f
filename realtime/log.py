"""The log: facts numbered per channel, written in the transaction of the change that they tell.

    async with log.transaction() as record:
        ...                                              # the change
        record("topic:12", "post.created", topic_id=12, post_id=9)

Facts are written last, channels in sorted order (no deadlock), each numbered by its channel's counter
row: that row's lock makes the order of numbers the order of commits. Only after the commit are the
hubs told that the channels moved; a lost wake-up costs a second (the hub's sweep), never an event.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Protocol

import orjson
from tortoise.transactions import in_transaction

from realtime.sql import CONNECTION, as_datetime, dialect, sql

Id = int | str | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a channel stands: the number of its last event, in a log of this identity."""

    offset: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Event:
    """A fact: ids only, no markup, no private text."""

    channel: str
    offset: int
    kind: str
    data: dict[str, Any]
    time: datetime


class Record(Protocol):
    """Collects the facts of a transaction."""

    def __call__(self, channel: str, kind: str, **ids: Id) -> None: ...


Fact = tuple[str, str, dict[str, Id]]
Listener = Callable[[frozenset[str]], None]

_listeners: list[Listener] = []
_facts: ContextVar[list[Fact] | None] = ContextVar("facts", default=None)


def listen(listener: Listener) -> Callable[[], None]:
    """Call `listener` with the names of the channels that moved, after each commit of this process.

    Returns:
        A function that ends the listening.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


@asynccontextmanager
async def transaction() -> AsyncIterator[Record]:
    """A transaction of the database that ends with its facts. Within another one, it is a part of it.

    Raises:
        OperationalError: the database refuses; nothing of the change nor of its facts is left.
    """
    outer = _facts.get()
    if outer is not None:
        async with in_transaction(CONNECTION):
            yield _recorder(outer)
        return
    facts: list[Fact] = []
    token = _facts.set(facts)
    try:
        async with in_transaction(CONNECTION):
            yield _recorder(facts)
            await _write(facts)
    finally:
        _facts.reset(token)
    _wake(facts)


def _recorder(facts: list[Fact]) -> Record:
    def record(channel: str, kind: str, **ids: Id) -> None:
        facts.append((channel, kind, ids))

    return record


async def _write(facts: list[Fact]) -> None:
    """Number and store the facts: two statements on SQLite, one a channel less on PostgreSQL."""
    if not facts:
        return
    counts: dict[str, int] = {}
    for channel, _kind, _ids in facts:
        counts[channel] = counts.get(channel, 0) + 1
    last = await _take_numbers(counts)
    next_number = {channel: last[channel] - counts[channel] for channel in counts}
    rows: list[Any] = []
    at = datetime.now(UTC)
    for channel, kind, ids in sorted(facts, key=lambda fact: fact[0]):
        next_number[channel] += 1
        rows += [channel, next_number[channel], kind, orjson.dumps(ids).decode(), at]
    places = ", ".join(_places(5 * n, 5) for n in range(len(facts)))
    await sql(f"INSERT INTO live_events (channel, number, kind, data, created_at) VALUES {places}", *rows)


async def _take_numbers(counts: dict[str, int]) -> dict[str, int]:
    """Advance each channel's counter, in sorted order: the last number of each."""
    names = sorted(counts)
    values = ", ".join(f"({{{2 * n}}}, {{{2 * n + 1}}})" for n in range(len(names)))
    arguments = [part for name in names for part in (name, counts[name])]
    if dialect() == "postgres":
        values = values.replace("}, {", "}::varchar, {").replace("})", "}::bigint)")
    rows = await sql(
        f"""INSERT INTO live_channels (name, last_offset) VALUES {values}
            ON CONFLICT (name) DO UPDATE SET last_offset = live_channels.last_offset + excluded.last_offset
            RETURNING name, last_offset""",
        *arguments,
    )
    return {row["name"]: row["last_offset"] for row in rows}


def _places(first: int, count: int) -> str:
    return "(" + ", ".join(f"{{{n}}}" for n in range(first, first + count)) + ")"


def _wake(facts: list[Fact]) -> None:
    if facts:
        moved = frozenset(channel for channel, _kind, _ids in facts)
        for listener in list(_listeners):
            listener(moved)


async def positions(channels: Iterable[str]) -> dict[str, Position]:
    """Where each channel stands, in one statement; a channel without events stands at 0.

    A page asks this *before* it reads its rows: what happens between the two arrives as an event.
    """
    names = list(dict.fromkeys(channels))
    wanted = ", ".join(f"{{{n}}}" for n in range(len(names))) or "''"
    rows = await sql(
        f"""SELECT l.epoch, c.name, c.last_offset FROM live_log l
            LEFT JOIN live_channels c ON c.name IN ({wanted}) WHERE l.id = 1""",
        *names,
    )
    epoch = rows[0]["epoch"] if rows else await _make_epoch()
    found = {row["name"]: row["last_offset"] for row in rows}
    return {name: Position(found.get(name, 0), epoch) for name in names}


async def _make_epoch() -> str:
    """Give the log its identity, once."""
    async with transaction():
        await sql(
            "INSERT INTO live_log (id, epoch) VALUES (1, {0}) ON CONFLICT (id) DO NOTHING", token_hex(8)
        )
        rows = await sql("SELECT epoch FROM live_log WHERE id = 1")
    return str(rows[0]["epoch"])


async def renew_epoch() -> str:
    """Another identity for the log: after a restore, every client is told to refresh."""
    async with transaction():
        await sql("DELETE FROM live_log")
    return await _make_epoch()


async def after(channel: str, offset: int, limit: int) -> list[Event]:
    """The events of a channel numbered above `offset`, oldest first, at most `limit`."""
    rows = await sql(
        """SELECT channel, number, kind, data, created_at FROM live_events
            WHERE channel = {0} AND number > {1} ORDER BY number LIMIT {2}""",
        channel,
        offset,
        limit,
    )
    return [
        Event(r["channel"], r["number"], r["kind"], orjson.loads(r["data"]), as_datetime(r["created_at"]))
        for r in rows
    ]


async def trim(older_than: timedelta, now: datetime) -> int:
    """Drop the events older than this; a client that comes back from before them must refresh.

    Returns:
        How many were dropped.
    """
    async with transaction():
        rows = await sql("DELETE FROM live_events WHERE created_at < {0} RETURNING id", now - older_than)
    return len(rows)


async def moved_since(known: dict[str, int]) -> frozenset[str]:
    """Of these channels (name → last number seen), those that have newer events: the hub's sweep."""
    if not known:
        return frozenset()
    current = await positions(known)
    return frozenset(name for name, position in current.items() if position.offset > known[name])


async def before(channel: str, offset: int | None, limit: int) -> list[Event]:
    """The events of a channel numbered below `offset` (None: from its end), newest first, at most `limit`."""
    rows = await sql(
        """SELECT channel, number, kind, data, created_at FROM live_events
            WHERE channel = {0} AND number < {1} ORDER BY number DESC LIMIT {2}""",
        channel,
        2**62 if offset is None else offset,
        limit,
    )
    return [
        Event(r["channel"], r["number"], r["kind"], orjson.loads(r["data"]), as_datetime(r["created_at"]))
        for r in rows
    ]

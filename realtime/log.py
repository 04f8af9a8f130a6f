"""The log: facts numbered per channel, written in the transaction of the change that they tell.

    async with log.transaction() as record:
        ...                                              # the change
        record("topic:12", "post.created", topic_id=12, post_id=9)

Facts are written last, channels in sorted order (no deadlock), each numbered by its channel's counter
row: that row's lock makes the order of numbers the order of commits. Only after the commit are the
hubs told that the channels moved; a lost wake-up costs a second (the hub's sweep), never an event.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain
from secrets import token_hex
from typing import Any, Protocol, TypeVar

import orjson
from tortoise.connection import connections
from tortoise.transactions import in_transaction

from realtime.sql import CONNECTION, as_datetime, dialect, filled_up, places, sql

Id = int | str | None
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a channel stands: the number of its last event, in a log of this identity."""

    offset: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the log holds of a channel: its events numbered above `trimmed_to`, up to `offset`, every one.

    A client that stands below `trimmed_to` comes too late; if an event above it is missing, the log is
    damaged. A channel trimmed empty stands where its last event was.
    """

    offset: int
    epoch: str
    trimmed_to: int


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
        with _untold_if_undone(outer):
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


async def write(change: Callable[[Record], Awaitable[Result]]) -> Result:
    """Run `change(record)` as one transaction that ends with its facts; its result, once it is on the disk.

    The promise is that of `transaction()`, for the busiest changes, which wait for nothing but `sql`: on
    SQLite the whole runs in the writer's thread, one hop instead of one a statement, and changes that wait
    for their turn together share one commit. Tortoise's models do not work in there.

    Raises:
        OperationalError: the database refuses; nothing of the change nor of its facts is left.
        RuntimeError: the change waited for something else (on SQLite). Or what `change` raises.
    """
    outer = _facts.get()
    if outer is not None:
        with _untold_if_undone(outer):
            async with in_transaction(CONNECTION):
                return await change(_recorder(outer))
    facts: list[Fact] = []
    client: Any = connections.get(CONNECTION)
    result: Result = await client.write_at_once(partial(_change_and_facts, change, facts))
    _wake(facts)
    return result


async def _change_and_facts(change: Callable[[Record], Awaitable[Result]], facts: list[Fact]) -> Result:
    token = _facts.set(facts)
    try:
        result = await change(_recorder(facts))
        await _write(facts)
    finally:
        _facts.reset(token)
    return result


@contextmanager
def _untold_if_undone(facts: list[Fact]) -> Iterator[None]:
    """A part of a transaction that fails leaves nothing, also where whoever called it goes on."""
    told = len(facts)
    try:
        yield
    except BaseException:
        del facts[told:]
        raise


def _recorder(facts: list[Fact]) -> Record:
    def record(channel: str, kind: str, **ids: Id) -> None:
        facts.append((channel, kind, ids))

    return record


async def _write(facts: list[Fact]) -> None:
    """Number and store the facts, channels in sorted order: two statements on SQLite, one on PostgreSQL."""
    if not facts:
        return
    ordered = sorted(facts, key=lambda fact: fact[0])
    counts = Counter(channel for channel, _kind, _ids in ordered)
    if dialect() == "postgres":
        await _number_and_store(ordered, counts)
    else:
        await _store(ordered, await _take_numbers(counts), counts)


async def _take_numbers(counts: Mapping[str, int]) -> dict[str, int]:
    """Advance each channel's counter: the last number of each."""
    rows = await sql(f"{_advance(len(counts))} RETURNING name, last_offset", *chain(*counts.items()))
    return {row["name"]: row["last_offset"] for row in rows}


@cache
def _advance(channels: int) -> str:
    values = ", ".join(places(2 * n, 2) for n in range(channels))
    return f"""INSERT INTO live_channels (name, last_offset) VALUES {values} ON CONFLICT (name)
        DO UPDATE SET last_offset = live_channels.last_offset + excluded.last_offset"""


async def _store(facts: Sequence[Fact], last: Mapping[str, int], counts: Mapping[str, int]) -> None:
    numbers = {channel: last[channel] - counts[channel] for channel in counts}
    rows: list[Any] = []
    at = datetime.now(UTC)
    for channel, kind, ids in facts:
        numbers[channel] += 1
        rows += [channel, numbers[channel], kind, orjson.dumps(ids).decode(), at]
    values = ", ".join(places(5 * n, 5) for n in range(len(facts)))
    await sql(f"INSERT INTO live_events (channel, number, kind, data, created_at) VALUES {values}", *rows)


async def _number_and_store(facts: Sequence[Fact], counts: Mapping[str, int]) -> None:
    """Both at once: a journey less while others wait for the counters' rows."""
    left = dict(counts)
    rows: list[Any] = []
    for channel, kind, ids in facts:
        left[channel] -= 1
        rows += [channel, left[channel], kind, orjson.dumps(ids).decode()]
    await sql(
        _number_and_store_text(len(counts), len(facts)), *chain(*counts.items()), datetime.now(UTC), *rows
    )


@cache
def _number_and_store_text(channels: int, facts: int) -> str:
    """Each fact carries how many of its channel's come after it: its number is that far from the last."""
    first = 2 * channels + 1
    values = ", ".join(
        f"({{{n}}}::varchar, {{{n + 1}}}::bigint, {{{n + 2}}}::varchar, {{{n + 3}}}::text)"
        for n in range(first, first + 4 * facts, 4)
    )
    return f"""WITH moved AS ({_advance(channels)} RETURNING name, last_offset)
        INSERT INTO live_events (channel, number, kind, data, created_at)
        SELECT f.channel, m.last_offset - f.behind, f.kind, f.data, {{{first - 1}}}
        FROM (VALUES {values}) AS f(channel, behind, kind, data) JOIN moved m ON m.name = f.channel"""


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
    rows = await _standing(names)
    epoch = rows[0]["epoch"] if rows else await _make_epoch()
    found = {row["name"]: row["last_offset"] for row in rows}
    return {name: Position(found.get(name, 0), epoch) for name in names}


async def head(channel: str) -> Head:
    """Where a channel stands, and how far it has been trimmed, as of one moment."""
    rows = await _standing([channel])
    epoch = rows[0]["epoch"] if rows else await _make_epoch()
    there = [row for row in rows if row["name"] is not None]
    return Head(there[0]["last_offset"], epoch, there[0]["trimmed_to"]) if there else Head(0, epoch, 0)


async def _standing(names: Sequence[str]) -> list[dict[str, Any]]:
    wanted = filled_up(names)
    return await sql(_standing_text(len(wanted)), *wanted)


@cache
def _standing_text(size: int) -> str:
    wanted = places(0, size) if size else "('')"
    return f"""SELECT l.epoch, c.name, c.last_offset, c.trimmed_to FROM live_log l
        LEFT JOIN live_channels c ON c.name IN {wanted} WHERE l.id = 1"""


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
    epoch = token_hex(8)
    async with transaction():
        await sql(
            """INSERT INTO live_log (id, epoch) VALUES (1, {0})
               ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch""",
            epoch,
        )
    return epoch


async def after(channel: str, offset: int, limit: int) -> list[Event]:
    """The events of a channel numbered above `offset`, oldest first, at most `limit`.

    What has been trimmed is not there: the first one's number is then above `offset + 1`; or there is none,
    although the channel stands above `offset`. Whoever wants all or nothing looks at the numbers.
    """
    return await _events("number > {1} ORDER BY number", channel, offset, limit)


async def before(channel: str, offset: int | None, limit: int) -> list[Event]:
    """The events of a channel numbered below `offset` (None: from its end), newest first, at most `limit`.

    Fewer than `limit` when there are no more, or when those before them have been trimmed.
    """
    end = 2**62 if offset is None else offset
    return await _events("number < {1} ORDER BY number DESC", channel, end, limit)


async def _events(which: str, channel: str, offset: int, limit: int) -> list[Event]:
    rows = await sql(
        f"""SELECT channel, number, kind, data, created_at FROM live_events
            WHERE channel = {{0}} AND {which} LIMIT {{2}}""",
        channel,
        offset,
        limit,
    )
    return [
        Event(r["channel"], r["number"], r["kind"], orjson.loads(r["data"]), as_datetime(r["created_at"]))
        for r in rows
    ]

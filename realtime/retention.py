"""How long the log is kept: by age and by count, a rule for each namespace.

What goes is always the oldest part of a channel, up to a number that `trimmed_to` tells in the same
transaction: above it the log has every event, and a client that stands below it must refresh. Age is only
asked of the oldest events: should a clock have been ahead, what it dated stays longer with all that follows,
and no hole is made.

A channel's counter stays for ever, even when its last event went years ago. Were it forgotten, the channel
would begin again at 1 in the same log, and a client that once saw number 5 would take the new number 6 for
its next one: five events lost without a word. Nothing that we keep tells that no such client exists, and
starting elsewhere than at 1 would cost every first event a look. A counter takes 50 bytes on SQLite, 115 on
PostgreSQL (measured, a million of them; looking for what to drop passes over them in 0.13 s): next to nothing
beside the topic that it counts for. A host that lets strangers name channels limits their names, not the log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from realtime import log
from realtime.policies import Namespace
from realtime.sql import dialect, sql

# Events dropped in one transaction: a few milliseconds, then it is the others' turn.
BATCH = 500
# Channels looked at in one read.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a channel's events are kept; None for no limit of that kind."""

    max_age: timedelta | None = None
    max_events: int | None = None


Row = Mapping[str, Any]
# A channel, the number up to which it is trimmed, and the one up to which it shall be.
Cut = tuple[str, int, int]


def rules_of(namespaces: Mapping[str, Namespace]) -> dict[str, Rule]:
    """What a host's policies say about the log."""
    return {name: Rule(space.max_age, space.max_events) for name, space in namespaces.items()}


async def trim(now: datetime, rules: Mapping[str, Rule]) -> int:
    """Drop what the rules do not keep; other writers wait for a small part of it at the most.

    Args:
        now: the present moment, for ages.
        rules: by namespace, the part of a channel's name before its colon (the whole name without one);
            one under "" stands for every namespace that is not named. No rule: kept for ever.

    Returns:
        How many events were dropped.
    """
    dropped, last = 0, ""
    while page := await _channels_after(last):
        last = page[-1]["name"]
        for batch in _batches(await _cuts(page, now, rules)):
            dropped += await _drop(batch)
    return dropped


async def forget(channel: str) -> None:
    """A step: nothing is left of a channel, not its name. For one that nobody may hear any more, ever."""
    await sql("DELETE FROM live_events WHERE channel = {0}", channel)
    await sql("DELETE FROM live_channels WHERE name = {0}", channel)


async def _channels_after(name: str) -> list[dict[str, Any]]:
    return await sql(
        """SELECT name, last_offset, trimmed_to FROM live_channels
            WHERE name > {0} AND trimmed_to < last_offset ORDER BY name LIMIT {1}""",
        name,
        PAGE,
    )


async def _cuts(page: Sequence[Row], now: datetime, rules: Mapping[str, Rule]) -> list[Cut]:
    by_rule: dict[Rule, list[Row]] = {}
    for row in page:
        rule = rules.get(row["name"].partition(":")[0]) or rules.get("")
        if rule is not None:
            by_rule.setdefault(rule, []).append(row)
    cuts: list[Cut] = []
    for rule, rows in by_rule.items():
        too_old = {} if rule.max_age is None else await _last_older(rows, now - rule.max_age)
        for row in rows:
            too_many = 0 if rule.max_events is None else row["last_offset"] - rule.max_events
            cuts.append((row["name"], row["trimmed_to"], max(too_many, too_old.get(row["name"], 0))))
    return sorted(cuts)


async def _last_older(rows: Sequence[Row], moment: datetime) -> dict[str, int]:
    """For each channel the number of the event before the first that is younger."""
    names = ", ".join(f"{{{n}}}" for n in range(1, len(rows) + 1))
    found = await sql(
        f"""SELECT c.name, (SELECT e.number FROM live_events e WHERE e.channel = c.name
                AND e.created_at >= {{0}} ORDER BY e.number LIMIT 1) AS younger
            FROM live_channels c WHERE c.name IN ({names})""",
        moment,
        *(row["name"] for row in rows),
    )
    younger = {row["name"]: row["younger"] for row in found}
    # What has come since the page was read is younger than all of it.
    return {row["name"]: (younger[row["name"]] or row["last_offset"] + 1) - 1 for row in rows}


def _batches(cuts: Iterable[Cut]) -> Iterator[list[tuple[str, int]]]:
    """Parts of at most BATCH events: channels in sorted order, and up to which number."""
    batch: list[tuple[str, int]] = []
    room = BATCH
    for name, start, end in cuts:
        while start < end:
            upto = min(end, start + room)
            batch.append((name, upto))
            room -= upto - start
            start = upto
            if room == 0:
                yield batch
                batch, room = [], BATCH
    if batch:
        yield batch


async def _drop(batch: Sequence[tuple[str, int]]) -> int:
    names = ", ".join(f"{{{n}}}" for n in range(len(batch)))
    async with log.transaction():
        await _move_trimmed_to(batch)
        rows = await sql(
            f"""DELETE FROM live_events WHERE id IN (
                    SELECT e.id FROM live_channels c
                    JOIN live_events e ON e.channel = c.name AND e.number <= c.trimmed_to
                    WHERE c.name IN ({names})) RETURNING id""",
            *(name for name, _upto in batch),
        )
    return len(rows)


async def _move_trimmed_to(batch: Sequence[tuple[str, int]]) -> None:
    names = ", ".join(f"{{{n}}}" for n in range(len(batch)))
    if dialect() == "postgres":
        # In the order in which writers take them (code points): none waits for us while we wait for it.
        await sql(
            f"""SELECT 1 FROM live_channels WHERE name IN ({names})
                ORDER BY name COLLATE "C" FOR UPDATE""",
            *(name for name, _upto in batch),
        )
    values = ", ".join(
        f"(CAST({{{2 * n}}} AS VARCHAR), CAST({{{2 * n + 1}}} AS BIGINT))" for n in range(len(batch))
    )
    await sql(
        f"""UPDATE live_channels SET trimmed_to = wanted.column2 FROM (VALUES {values}) AS wanted
            WHERE name = wanted.column1 AND trimmed_to < wanted.column2""",
        *(part for cut in batch for part in cut),
    )

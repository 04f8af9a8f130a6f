"""What goes on live, on all workers together and on each: figures, never a name."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from forum.administration.queries import LogState, log_state
from forum.administration.words import channel_words, end_words
from forum.clock import now
from forum.live_policies import KEPT_FOR
from realtime.counts import Figures
from realtime.hub import Hub


class Line(Struct, frozen=True):
    """A figure with its name: a namespace's subscriptions, a code's ends."""

    name: str
    words: str
    count: int


class WorkerLine(Struct, frozen=True):
    """One process."""

    name: str
    started_at: datetime
    connections: int
    subscriptions: int
    deliveries: int
    slow: int
    lag_ms: int


class LiveState(Struct, frozen=True):
    """The whole page's figures; `redis` is None where nothing must be carried between processes."""

    at: str
    visitors: int
    members: int
    programs: int
    per_second: float
    lag_ms: int
    totals: Mapping[str, int]
    subscriptions: list[Line]
    ends: list[Line]
    log: LogState
    days_kept: int
    redis: bool | None
    workers: list[WorkerLine]

    @property
    def connections(self) -> int:
        """Everyone."""
        return self.visitors + self.members + self.programs


async def live_state(hub: Hub, zone: ZoneInfo) -> LiveState:
    """The figures of all workers now; those of the others are five seconds old at the most.

    Args:
        zone: in which the time of the figures is told.
    """
    workers = hub.counts.all()
    who = _sum(workers, "connections")
    return LiveState(
        at=now().astimezone(zone).strftime("%H:%M:%S"),
        visitors=int(who["visitor"]),
        members=int(who["session"]),
        programs=int(who["token"]),
        per_second=round(_sum(workers, "deliveries_per_second")[""], 1),
        lag_ms=max(_milliseconds(figures) for figures in workers.values()),
        totals={name: int(_sum(workers, f"{name}_total")[""]) for name in TOTALS},
        subscriptions=_subscriptions(_sum(workers, "subscriptions")),
        ends=_ends(_sum(workers, "ends_total")),
        log=await log_state(),
        days_kept=KEPT_FOR.days,
        redis=_redis(hub, workers),
        workers=[_worker(name, figures) for name, figures in sorted(workers.items())],
    )


TOTALS = ("connects", "deliveries", "recoveries_asked", "recoveries_granted", "recoveries_refused", "slow")


def _sum(workers: Mapping[str, Figures], name: str) -> Mapping[str, float]:
    """A figure of all workers together, by label; 0 for a label that there is not."""
    total: defaultdict[str, float] = defaultdict(float)
    for figures in workers.values():
        for label, value in figures["numbers"].get(name, {}).items():
            total[label] += value
    return total


def _subscriptions(found: Mapping[str, float]) -> list[Line]:
    lines = [Line(name, channel_words(name), int(count)) for name, count in found.items() if count]
    return sorted(lines, key=lambda line: -line.count)


def _ends(found: Mapping[str, float]) -> list[Line]:
    return [Line(code, end_words(int(code)), int(found[code])) for code in sorted(found, key=int)]


def _redis(hub: Hub, workers: Mapping[str, Figures]) -> bool | None:
    if hub.broker.answers is None:
        return None
    return all(figures["numbers"].get("redis_answers", {}).get("", 0) for figures in workers.values())


def _worker(name: str, figures: Figures) -> WorkerLine:
    numbers = figures["numbers"]
    return WorkerLine(
        name=name,
        started_at=datetime.fromtimestamp(numbers["started_at"][""], UTC),
        connections=int(sum(numbers["connections"].values())),
        subscriptions=int(sum(numbers["subscriptions"].values())),
        deliveries=int(numbers["deliveries_total"][""]),
        slow=int(numbers["slow_total"][""]),
        lag_ms=_milliseconds(figures),
    )


def _milliseconds(figures: Figures) -> int:
    return round(1000 * figures["numbers"]["lag_seconds"][""])

"""What a hub counts of its own work, without content: for metrics and an administration's page."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, TypedDict

from realtime.channel import Recovery
from realtime.connection import Connection
from realtime.log import Event

if TYPE_CHECKING:
    from realtime.hub import Hub

# Seconds: of an answer, of the way from the log to a reader.
BOUNDS = (0.005, 0.02, 0.1, 0.3, 1.0, 5.0)
RATE_SECONDS = 5.0
WHO = ("visitor", "session", "token")


class Figures(TypedDict):
    """Figures by their name, then by a label ("" where there is none); as told to the other workers.

    `durations` hold how many took no longer than each of `BOUNDS`, how many there were, and their sum.
    """

    numbers: dict[str, dict[str, float]]
    durations: dict[str, dict[str, list[float]]]


class Durations:
    """How long things took, by label: a few comparisons for each."""

    def __init__(self) -> None:
        self._rows: dict[str, list[float]] = {}

    def add(self, seconds: float, label: str = "") -> None:
        """One more took this long."""
        row = self._rows.get(label)
        if row is None:
            row = self._rows[label] = [0.0] * (len(BOUNDS) + 2)
        row[bisect_left(BOUNDS, seconds)] += 1
        row[-1] += seconds

    def told(self) -> dict[str, list[float]]:
        """By label, as `Figures` has them."""
        return {label: [*accumulate(row[:-1]), row[-1]] for label, row in self._rows.items()}


class Rate:
    """How many a second, over the last five seconds that are complete.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began = clock, clock()
        self._count, self._last = 0, 0.0

    def add(self, count: int) -> None:
        """So many more, now."""
        self._turn()
        self._count += count

    def per_second(self) -> float:
        """The mean."""
        self._turn()
        return self._last

    def _turn(self) -> None:
        seconds = self._clock() - self._began
        if seconds >= RATE_SECONDS:
            self._last = self._count / seconds
            self._count, self._began = 0, self._began + seconds


class Counts:
    """Figures of one hub since its start.

    Attributes:
        lag: seconds between the last event's being written and its being sent.
        ends: how connections ended, by this hub's close code (0: by themselves).
        sources: figures of the host's own, told together with these.
    """

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self.started_at = time.time()
        self.connects = self.deliveries = self.slow = 0
        self.asked = self.granted = self.refused = 0
        self.lag = 0.0
        self.lags, self.rate = Durations(), Rate()
        self.ends: Counter[int] = Counter()
        self.sources: list[Callable[[], Figures]] = []

    def recovery(self, recovery: Recovery) -> None:
        """A subscription was made; it may have asked for what it missed."""
        self.asked += recovery.asked
        self.granted += recovery.asked and not recovery.refused
        self.refused += recovery.asked and recovery.refused

    def sent(self, event: Event, listeners: int) -> None:
        """An event is being sent to so many."""
        self.deliveries += listeners
        self.rate.add(listeners)
        self.lag = max(0.0, (datetime.now(UTC) - event.time).total_seconds())
        self.lags.add(self.lag)

    def own(self) -> Figures:
        """This hub's figures, and the host's."""
        figures = Figures(numbers=self._numbers(), durations={"lag_seconds": self.lags.told()})
        for source in self.sources:
            more = source()
            figures["numbers"] |= more["numbers"]
            figures["durations"] |= more["durations"]
        return figures

    def _numbers(self) -> dict[str, dict[str, float]]:
        hub = self._hub
        plain: dict[str, float] = {
            "started_at": self.started_at,
            "sockets": len(hub.sockets),
            "channels": len(hub.channels),
            "connects_total": self.connects,
            "deliveries_total": self.deliveries,
            "deliveries_per_second": self.rate.per_second(),
            "recoveries_asked_total": self.asked,
            "recoveries_granted_total": self.granted,
            "recoveries_refused_total": self.refused,
            "slow_total": self.slow,
            "lag_seconds": self.lag,
        }
        return {
            **{name: {"": value} for name, value in plain.items()},
            "connections": who_is_there(hub.connections),
            "subscriptions": self._subscriptions(),
            "ends_total": {str(code): count for code, count in self.ends.items()},
        }

    def _subscriptions(self) -> dict[str, float]:
        """By namespace: never by channel, whose name may say too much, and of which there are many."""
        policies, found = self._hub.policies, Counter[str]()
        for channel in self._hub.channels.values():
            found[policies.namespace_name(channel.name)] += sum(map(len, channel.groups.values()))
        return dict(found)

    def all(self) -> dict[str, Figures]:
        """The figures of every worker, by the name of its hub; others' are some seconds old."""
        roster = self._hub.roster
        others = {hub: here.counts for hub, here in roster.others.items() if here.counts is not None}
        return {roster.me: self.own(), **others}


def who_is_there(connections: Iterable[Connection]) -> dict[str, float]:
    """How many are visitors, came with a session of the host's, or with a token."""
    found = Counter(_came_as(connection) for connection in connections)
    return {who: found[who] for who in WHO}


def _came_as(connection: Connection) -> str:
    who = connection.who
    if not who.user:
        return "visitor"
    return "session" if connection.handshake.cookies_count and who.session else "token"

"""What a hub counts of its own work, without content: for metrics and an administration's page."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from realtime.channel import Recovery
from realtime.log import Event

if TYPE_CHECKING:
    from realtime.hub import Hub


class Counts:
    """Figures of one hub since its start.

    Attributes:
        lag: seconds between the last event's being written and its being sent.
        ends: how connections ended, by this hub's close code (0: by themselves).
    """

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self.connects = self.deliveries = self.slow = 0
        self.asked = self.granted = self.refused = 0
        self.lag = 0.0
        self.ends: Counter[int] = Counter()

    def recovery(self, recovery: Recovery) -> None:
        """A subscription was made; it may have asked for what it missed."""
        self.asked += recovery.asked
        self.granted += recovery.asked and not recovery.refused
        self.refused += recovery.asked and recovery.refused

    def sent(self, event: Event, listeners: int) -> None:
        """An event is being sent to so many."""
        self.deliveries += listeners
        self.lag = max(0.0, (datetime.now(UTC) - event.time).total_seconds())

    def own(self) -> dict[str, float]:
        """This hub's figures, by name."""
        hub = self._hub
        return {
            "sockets": len(hub.sockets),
            "connections": len(hub.connections),
            "channels": len(hub.channels),
            "subscriptions": sum(len(group) for c in hub.channels.values() for group in c.groups.values()),
            "connects_total": self.connects,
            "deliveries_total": self.deliveries,
            "recoveries_asked_total": self.asked,
            "recoveries_granted_total": self.granted,
            "recoveries_refused_total": self.refused,
            "slow_total": self.slow,
            "lag_seconds": self.lag,
        }

    def all(self) -> dict[str, dict[str, float]]:
        """The figures of every worker, by the name of its hub; others' are some seconds old."""
        roster = self._hub.roster
        return {roster.me: self.own(), **{hub: here.counts for hub, here in roster.others.items()}}

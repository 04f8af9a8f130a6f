"""Who is connected, on all workers: for limits that hold everywhere, and for presence.

Each hub tells the others, through the broker, how many connections each person and address has here and
who hears the channels that show presence. What it tells is the state of a key, not a step, and numbered:
a hub that misses one asks for the whole. A hub that has said nothing for some seconds is gone, and all
that it told with it. So a broker that is away makes each worker count alone, and nothing else.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import orjson

from realtime.counts import Figures

HEARTBEAT_SECONDS = 5.0
GONE_SECONDS = 15.0
ASK_SECONDS = 1.0
# Subjects on the broker.
NEWS, WHOLE, ASK, BYE = "roster.news", "roster.whole", "roster.ask", "roster.bye"

Info = dict[str, Any]
# Told when somebody comes to a channel that shows presence (True), or leaves it.
Seen = Callable[[str, Info, bool], None]


@dataclass(slots=True)
class Here:
    """What one hub knows of its own connections."""

    users: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    presence: dict[str, dict[str, Info]] = field(default_factory=dict)
    number: int = 0
    heard_at: float = 0.0
    counts: Figures | None = None


class Roster:
    """This hub's connections and what the others tell of theirs.

    Args:
        publish: the broker's: `(subject, payload)` to the other hubs.
        seen: called for each arrival and departure on another hub.
        counts: this hub's own figures, told with each heartbeat.
    """

    def __init__(
        self, publish: Callable[[str, bytes], None], seen: Seen, counts: Callable[[], Figures]
    ) -> None:
        self.me = token_hex(8)
        self.here = Here()
        self.others: dict[str, Here] = {}
        self._publish, self._seen, self._counts = publish, seen, counts
        self._asked_at: dict[str, float] = {}

    def connections_of(self, user: str) -> int:
        """How many connections a person has, everywhere."""
        return sum(hub.users[user] for hub in (self.here, *self.others.values()))

    def connections_from(self, address: str) -> int:
        """How many connections come from an address, everywhere."""
        return sum(hub.addresses[address] for hub in (self.here, *self.others.values()))

    def present(self, channel: str) -> dict[str, Info]:
        """Who hears a channel, by client."""
        there: dict[str, Info] = {}
        for hub in (self.here, *self.others.values()):
            there |= hub.presence.get(channel, {})
        return there

    def count(self, user: str, address: str, step: int) -> None:
        """One connection more (+1) or less (−1) here."""
        for counter, key in ((self.here.users, user), (self.here.addresses, address)):
            counter[key] += step
            if counter[key] <= 0:
                del counter[key]
        self._tell(users={user: self.here.users[user]}, addresses={address: self.here.addresses[address]})

    def enter(self, channel: str, info: Info) -> None:
        """Somebody hears a channel that shows presence."""
        self.here.presence.setdefault(channel, {})[info["client"]] = info
        self._tell(entered=[channel, info])

    def exit(self, channel: str, client: str) -> None:
        """Somebody does not any more."""
        there = self.here.presence.get(channel, {})
        if there.pop(client, None) is not None:
            if not there:
                del self.here.presence[channel]
            self._tell(left=[channel, client])

    def _tell(self, **news: Any) -> None:
        self.here.number += 1
        self._say(NEWS, number=self.here.number, **news)

    def _say(self, subject: str, **fields: Any) -> None:
        self._publish(subject, orjson.dumps({"hub": self.me, **fields}))

    # What the others tell

    def hear(self, subject: str, payload: bytes) -> None:
        """A message of another hub's."""
        message = orjson.loads(payload)
        hub = message["hub"]
        if subject == ASK:
            if message["of"] in ("", self.me):
                self.tell_all()
        elif subject == BYE:
            self._forget(hub)
        elif subject == WHOLE:
            self._replace(hub, message)
        elif subject == NEWS:
            self._update(hub, message)

    def ask(self, of: str = "") -> None:
        """Ask another hub, or all of them, for the whole; once a second at the most."""
        now = time.monotonic()
        if now - self._asked_at.get(of, -ASK_SECONDS) >= ASK_SECONDS:
            self._asked_at[of] = now
            self._say(ASK, of=of)

    def tell_all(self) -> None:
        """Tell the whole of this hub."""
        here = self.here
        self._say(
            WHOLE, number=here.number, users=here.users, addresses=here.addresses, presence=here.presence
        )

    def leave(self) -> None:
        """This hub stops."""
        self._say(BYE)

    def beat(self) -> None:
        """Still here; and those who have not said so for long are gone."""
        self._say(NEWS, number=self.here.number, counts=self._counts())
        now = time.monotonic()
        for hub, other in list(self.others.items()):
            if now - other.heard_at > GONE_SECONDS:
                self._forget(hub)

    def _update(self, hub: str, message: dict[str, Any]) -> None:
        other = self.others.get(hub)
        if other is None:
            self.ask(hub)
            return
        other.heard_at = time.monotonic()
        if "counts" in message:
            other.counts = message["counts"]
            if message["number"] != other.number:
                self.ask(hub)
            return
        if message["number"] != other.number + 1:
            self.ask(hub)
            return
        other.number = message["number"]
        self._apply(other, message)

    def _apply(self, other: Here, news: dict[str, Any]) -> None:
        _set(other.users, news.get("users", {}))
        _set(other.addresses, news.get("addresses", {}))
        if "entered" in news:
            channel, info = news["entered"]
            other.presence.setdefault(channel, {})[info["client"]] = info
            self._seen(channel, info, True)
        if "left" in news:
            channel, client = news["left"]
            info = other.presence.get(channel, {}).pop(client, None)
            if info is not None:
                self._seen(channel, info, False)

    def _replace(self, hub: str, message: dict[str, Any]) -> None:
        before = self.others.get(hub, Here())
        after = Here(
            Counter(message["users"]), Counter(message["addresses"]), message["presence"],
            message["number"], time.monotonic(), before.counts,
        )  # fmt: skip
        self.others[hub] = after
        self._compare(before, after)

    def _forget(self, hub: str) -> None:
        self._asked_at.pop(hub, None)
        before = self.others.pop(hub, None)
        if before is not None:
            self._compare(before, Here())

    def _compare(self, before: Here, after: Here) -> None:
        """Tell who came and who left between two states of a hub."""
        for channel in before.presence.keys() | after.presence.keys():
            old, new = before.presence.get(channel, {}), after.presence.get(channel, {})
            for client in old.keys() - new.keys():
                self._seen(channel, old[client], False)
            for client in new.keys() - old.keys():
                self._seen(channel, new[client], True)


def _set(counter: Counter[str], values: dict[str, int]) -> None:
    for key, value in values.items():
        if value:
            counter[key] = value
        else:
            counter.pop(key, None)

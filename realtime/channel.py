"""A channel as a hub holds it, without I/O: where the hub stands, who listens, and how one joins.

The promise is kept here. A channel moves from one number to the next, never over a hole; a subscriber
takes its place at exactly the number where its channel stands, is given all that came before, then what
came meanwhile, then what comes; and each subscription takes a number only if it is the next one. The hub
reads and writes; what to read, whom to send it to and when to give up is decided here, and tried against
every order of things.
"""

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from realtime.protocol.messages import Message, Since

# Whoever joins while more than this comes refreshes instead.
MOST_HELD = 500


class Numbered(Protocol):
    """An event, as far as its place in a channel goes."""

    @property
    def offset(self) -> int: ...


class Listener(Protocol):
    """Whoever listens: a connection."""

    def send(self, message: Message) -> bool: ...


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's place in one channel.

    Attributes:
        held: what has come since it took its place, until it has been given what came before; then None.
        lost: something came meanwhile that could not be held: nothing makes it whole any more.
    """

    listener: Any
    variant: Hashable
    offset: int = 0
    ended: bool = False
    held: list[tuple[int, Message]] | None = None
    lost: bool = False

    def deliver(self, offset: int, message: Message) -> bool:
        """Send the publication of this number, once; False if one before it is missing."""
        if self.ended or offset <= self.offset:
            return True
        if offset != self.offset + 1:
            return False
        self.offset = offset
        if self.held is None:
            self.listener.send(message)
        elif len(self.held) < MOST_HELD:
            self.held.append((offset, message))
        else:
            self.lose(offset)
        return True

    def lose(self, offset: int) -> None:
        """Stand at this number, without what lies before it."""
        self.offset, self.held, self.lost = offset, [], True

    def hear(self, after: int) -> None:
        """It knows everything up to this number: what was held above it goes out, then all that comes."""
        held, self.held = self.held or (), None
        self.offset = max(self.offset, after)
        for offset, message in held:
            if offset > after:
                self.listener.send(message)


@dataclass(eq=False, slots=True)
class Channel:
    """A channel that somebody listens to here."""

    name: str
    cursor: int
    epoch: str
    groups: dict[Hashable, set[Subscription]] = field(default_factory=dict)
    dirty: bool = False
    pump: "asyncio.Task[None] | None" = None
    failures: int = 0

    @property
    def idle(self) -> bool:
        """Nobody has a place in it, nobody reads it."""
        return not self.groups and self.pump is None

    def follows(self, events: Sequence[Numbered]) -> bool:
        """Whether these are the channel's next events, without a hole."""
        return all(event.offset == self.cursor + n for n, event in enumerate(events, 1))

    def advance(self, offset: int) -> list[Subscription]:
        """Go one number on; who is to be told, in one moment: whoever joins later stands behind it."""
        assert offset == self.cursor + 1, "a channel never passes over a number"
        self.cursor, self.failures = offset, 0
        return [one for group in self.groups.values() for one in group]

    def start_over(self, offset: int, epoch: str) -> list[Subscription]:
        """The log has gone elsewhere (trimmed, restored): stand there; who hears it must come back."""
        self.cursor, self.epoch, self.failures = offset, epoch, 0
        for group in self.groups.values():
            for one in group:
                if one.held is not None:
                    one.lose(offset)
        return list(self.subscriptions())

    def join(self, listener: Any, variant: Hashable) -> Subscription:
        """Give someone a place where the channel stands. It hears nothing before `Subscription.hear`."""
        subscription = Subscription(listener, variant, self.cursor, held=[])
        self.groups.setdefault(variant, set()).add(subscription)
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Take someone away."""
        subscription.ended = True
        group = self.groups.get(subscription.variant, set())
        group.discard(subscription)
        if not group:
            self.groups.pop(subscription.variant, None)

    def subscriptions(self) -> Iterable[Subscription]:
        """Everyone who hears it."""
        return (one for group in self.groups.values() for one in group if one.held is None)


class Recovery:
    """The way of one subscriber from the number that it knows to where it took its place.

    That end stands still: however fast the channel moves on, what comes is held for the subscriber. Ask
    `reads_after` what to read, hand the events to `take`, until it says None. If it is `whole` then,
    `missed` is exactly what lies between; if not, it is told to refresh.

    Args:
        since: what the subscriber knows; None for someone new, who misses nothing.
        most: how many events are worth bringing back.

    Attributes:
        end: the number at which it took its place.
        missed: the events after the one that it knows.
    """

    def __init__(self, channel: Channel, subscription: Subscription, since: Since | None, most: int) -> None:
        self._subscription, self.end, self._most = subscription, subscription.offset, most
        self._epoch = channel.epoch
        self.asked = since is not None
        # No epoch and no number: all that is kept, wherever that begins.
        self._from_beginning = since is not None and since.epoch == "" and since.offset == 0
        self._beginning = 0
        self._start = self.end if since is None else since.offset
        self._elsewhere = since is not None and not self._from_beginning and since.epoch != channel.epoch
        self.missed: list[Any] = []

    @property
    def have(self) -> int:
        """The number of the last event that the subscriber has or will be given."""
        return int(self.missed[-1].offset) if self.missed else self._start

    @property
    def refused(self) -> bool:
        """Whether nothing will bring it what it missed."""
        return self._elsewhere or (self.asked and self._subscription.lost)

    @property
    def whole(self) -> bool:
        """Whether it asked for what it missed and was brought all of it."""
        return self.asked and not self.refused and self.reads_after() is None

    @property
    def offset(self) -> int:
        """The number up to which the answer speaks."""
        return max(self.have, self.end) if self.whole else self._subscription.offset

    def forget(self, forgotten: int) -> None:
        """Up to this number, the channel tells nothing again."""
        self._beginning = forgotten
        if not self._from_beginning and self._start < forgotten:
            self.refuse()

    def refuse(self) -> None:
        """What it missed cannot be brought."""
        self._elsewhere = True

    def reads_after(self) -> int | None:
        """After which number to read on; None when there, or refused."""
        if not self.asked or self.refused:
            return None
        if self._from_beginning:
            return self._beginning
        left = self.end - self.have
        if left + len(self.missed) > self._most:
            self.refuse()
            return None
        return self.have if left > 0 else None

    @property
    def ahead(self) -> bool:
        """Whether the subscriber knows more than the channel did here when it took its place."""
        return self.asked and not self.refused and self.have > self.end

    def stands_at(self, offset: int, epoch: str) -> None:
        """Where the log itself stands: who knows more than it does comes from another one."""
        if self.have > offset or epoch != self._epoch:
            self.refuse()

    def take(self, events: Sequence[Numbered]) -> None:
        """What was read after `have`: the next events; a hole or nothing at all cannot be made whole."""
        news = [event for event in events if self.have < event.offset <= self.end]
        if self._from_beginning:
            self._from_beginning = False
            self._start = news[0].offset - 1 if news else self.end
        elif not news:
            self.refuse()
        if any(event.offset != self.have + n for n, event in enumerate(news, 1)):
            self.refuse()
        if not self.refused:
            self.missed += news


@dataclass(frozen=True, slots=True)
class Joined:
    """A subscription made: where it stands, and what had been missed, as publications in JSON."""

    subscription: Subscription
    offset: int
    epoch: str
    recovered: bool
    missed: tuple[str, ...] = ()

    def begin(self) -> None:
        """It has been answered: what was held until now goes out, and from now on what comes."""
        self.subscription.hear(self.offset)

"""A channel as a hub holds it, without I/O: where the hub stands, who listens, and how one joins.

The promise is kept here. A channel moves from one number to the next, never over a hole; a subscriber
joins at exactly the number where its channel stands, having been given all that came before; and each
subscription takes a number only if it is the next one. The hub reads and writes; what to read, whom to
send it to and when to give up is decided here, and tried against every order of things.
"""

import asyncio
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from realtime.protocol.messages import Message, Since


class Numbered(Protocol):
    """An event, as far as its place in a channel goes."""

    @property
    def offset(self) -> int: ...


class Listener(Protocol):
    """Whoever listens: a connection."""

    def send(self, message: Message) -> bool: ...


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's place in one channel."""

    listener: Any
    variant: Hashable
    offset: int = 0
    ended: bool = False

    def deliver(self, offset: int, message: Message) -> bool:
        """Send the publication of this number, once; False if one before it is missing."""
        if self.ended or offset <= self.offset:
            return True
        if offset != self.offset + 1:
            return False
        self.offset = offset
        self.listener.send(message)
        return True


@dataclass(eq=False, slots=True)
class Channel:
    """A channel that somebody listens to here."""

    name: str
    cursor: int
    epoch: str
    groups: dict[Hashable, set[Subscription]] = field(default_factory=dict)
    dirty: bool = False
    pump: "asyncio.Task[None] | None" = None
    joiners: int = 0
    failures: int = 0

    @property
    def idle(self) -> bool:
        """Nobody hears it, joins it or reads it."""
        return not self.groups and self.pump is None and not self.joiners

    @contextmanager
    def joining(self) -> Iterator[None]:
        """Somebody is on the way here: the channel stays the one that they were brought to."""
        self.joiners += 1
        try:
            yield
        finally:
            self.joiners -= 1

    def follows(self, events: Sequence[Numbered]) -> bool:
        """Whether these are the channel's next events, without a hole."""
        return all(event.offset == self.cursor + n for n, event in enumerate(events, 1))

    def advance(self, offset: int) -> list[Subscription]:
        """Go one number on; who is to be told, in one moment: whoever joins later stands behind it."""
        assert offset == self.cursor + 1, "a channel never passes over a number"
        self.cursor, self.failures = offset, 0
        return list(self.subscriptions())

    def start_over(self, offset: int, epoch: str) -> list[Subscription]:
        """The log has gone elsewhere (trimmed, restored): stand there; everyone here must come back."""
        self.cursor, self.epoch, self.failures = offset, epoch, 0
        return list(self.subscriptions())

    def join(self, subscription: Subscription) -> None:
        """Add someone who has been given everything up to where the channel stands."""
        subscription.offset = self.cursor
        self.groups.setdefault(subscription.variant, set()).add(subscription)

    def leave(self, subscription: Subscription) -> None:
        """Take someone away."""
        subscription.ended = True
        group = self.groups.get(subscription.variant, set())
        group.discard(subscription)
        if not group:
            self.groups.pop(subscription.variant, None)

    def subscriptions(self) -> Iterable[Subscription]:
        """Everyone who listens."""
        return (subscription for group in self.groups.values() for subscription in group)


class Recovery:
    """The way of one subscriber from the number that it knows to where its channel stands.

    Ask `reads_after` what to read, hand the events to `take`, until it says None; then either `refused`,
    or `missed` is exactly what lies between, provided that the channel has not moved meanwhile.

    Args:
        since: what the subscriber knows; None for someone new, who misses nothing.
        most: how many events are worth bringing back.
        forgotten: the number up to which the channel tells nothing again.
    """

    def __init__(self, channel: Channel, since: Since | None, most: int, forgotten: int = 0) -> None:
        self._channel, self._epoch, self._most = channel, channel.epoch, most
        self.asked = since is not None
        # No epoch and no number: all that is kept, wherever that begins.
        self._from_beginning = since is not None and since.epoch == "" and since.offset == 0
        self._beginning = forgotten
        self._start = channel.cursor if since is None else since.offset
        elsewhere = since is not None and (since.epoch != channel.epoch or since.offset < forgotten)
        self.refused = elsewhere and not self._from_beginning
        self.missed: list[Any] = []

    @property
    def have(self) -> int:
        """The number of the last event that the subscriber has or will be given."""
        return int(self.missed[-1].offset) if self.missed else self._start

    def reads_after(self) -> int | None:
        """After which number to read on; None when there, or refused."""
        if not self.asked:
            self._start = self._channel.cursor
        elif self._channel.epoch != self._epoch:
            self.refused = True
        if self._from_beginning and not self.refused:
            return self._beginning
        left = self._channel.cursor - self.have
        if left < 0 or left + len(self.missed) > self._most:
            self.refused = True
        return None if self.refused or left == 0 else self.have

    @property
    def ahead(self) -> bool:
        """Whether the subscriber knows more than the channel does here."""
        return not self.refused and self.have > self._channel.cursor

    def take(self, events: Sequence[Numbered]) -> None:
        """What was read after `have`: the next events; a hole or nothing at all cannot be made whole."""
        news = [event for event in events if self.have < event.offset <= self._channel.cursor]
        if self._from_beginning:
            self._from_beginning = False
            self._start = news[0].offset - 1 if news else self._channel.cursor
        elif not news:
            self.refused = True
        if any(event.offset != self.have + n for n, event in enumerate(news, 1)):
            self.refused = True
        if not self.refused:
            self.missed += news


@dataclass(frozen=True, slots=True)
class Joined:
    """A subscription made: where it stands, and what had been missed, as publications in JSON."""

    offset: int
    epoch: str
    recovered: bool
    missed: tuple[str, ...] = ()

"""A channel as a hub holds it: where the hub stands, and who listens."""

import asyncio
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from realtime.connection import Connection


@dataclass(slots=True)
class Channel:
    """A channel that somebody listens to here: where the hub stands, and who, by variant."""

    name: str
    cursor: int
    epoch: str
    subscribers: dict[Hashable, set[Connection]] = field(default_factory=dict)
    dirty: bool = False
    pump: "asyncio.Task[None] | None" = None

    def connections(self) -> Iterable[Connection]:
        """Everyone who listens."""
        return [connection for group in self.subscribers.values() for connection in group]


@dataclass(frozen=True, slots=True)
class Joined:
    """A subscription made: where it stands, and what had been missed."""

    offset: int
    epoch: str
    recovered: bool
    missed: tuple[tuple[int, bytes], ...] = ()

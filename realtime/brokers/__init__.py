"""Brokers: short messages between the hubs of several workers, fast and allowed to lose.

The log is the truth; a broker only spares the others the second until their sweep finds out. That is why
losing a message costs time and never an event, and why a broker that is away stops nobody from posting.
"""

from collections.abc import Callable
from typing import Protocol

Heard = Callable[[str, bytes], None]


class Broker(Protocol):
    """Carries messages between hubs; one of these for each hub.

    Attributes:
        answers: whether the way between processes is open; None where there is no such way.
    """

    @property
    def answers(self) -> bool | None: ...

    async def start(self, heard: Heard) -> None:
        """Begin to carry.

        Args:
            heard: called in the event loop with the subject and the payload of each message that another
                hub published; must not raise, and need not be harmless when called twice.
        """

    def publish(self, subject: str, payload: bytes) -> None:
        """Tell the other hubs; never waits, never raises, and may lose it when the way is blocked."""

    async def stop(self) -> None:
        """Carry no more; what was not sent within a second is dropped."""

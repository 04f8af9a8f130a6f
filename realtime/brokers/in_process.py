"""The broker of a single process: hubs of the same process hear each other, at once."""

from typing import ClassVar

from realtime.brokers import Heard


class InProcessBroker:
    """Carries messages between the hubs of this process (usually there is one, and nothing to carry).

    Args:
        bus: brokers of the same name hear each other.
    """

    answers = None
    _buses: ClassVar[dict[str, list["InProcessBroker"]]] = {}

    def __init__(self, bus: str = "") -> None:
        self._others = self._buses.setdefault(bus, [])
        self._heard: Heard | None = None

    async def start(self, heard: Heard) -> None:
        """Begin to carry."""
        self._heard = heard
        self._others.append(self)

    def publish(self, subject: str, payload: bytes) -> None:
        """Tell the other hubs now."""
        for other in list(self._others):
            if other is not self and other._heard is not None:
                other._heard(subject, payload)

    async def stop(self) -> None:
        """Carry no more."""
        self._heard = None
        if self in self._others:
            self._others.remove(self)

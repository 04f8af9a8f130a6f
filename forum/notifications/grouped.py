"""Alerts that speak of several at once: the slice that causes them says of whom, each time they are read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from forum.notifications.models import NotificationType

Names = Callable[[Sequence[int]], Awaitable[Mapping[int, str]]]
_names: dict[str, Names] = {}


class Grouped(Protocol):
    """What is asked of an alert."""

    @property
    def id(self) -> int: ...
    @property
    def type(self) -> str: ...


def groups(why: NotificationType, names: Names) -> None:
    """Declare who names those of whom alerts of this type speak: alerts' ids → «Lyon, Brest and 4 others»."""
    _names[why.name.lower()] = names


async def names_in(alerts: Sequence[Grouped]) -> dict[int, str]:
    """Of whom each of these alerts speaks, by its id, where it groups several."""
    found: dict[int, str] = {}
    for why, names in _names.items():
        if wanted := [alert.id for alert in alerts if alert.type == why]:
            found |= await names(wanted)
    return found

"""What this worker has answered: how long it took by route, with which status; and whether Redis answers."""

import re
from collections import Counter

from starlette.routing import Route
from starlette.types import Scope

from realtime.counts import Durations, Figures
from realtime.hub import Hub

NUMBER = re.compile(r"\{(\w+):int\}")
ABSENT = "(none)"


class Requests:
    """Counts answers, and tells them together with the hub's own figures, so that any worker knows all.

    Args:
        hub: this worker's.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._durations = Durations()
        self._statuses: Counter[int] = Counter()
        hub.counts.sources.append(self.told)

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """One more answer has been given."""
        self._durations.add(seconds, route_of(scope))
        self._statuses[status] += 1

    def told(self) -> Figures:
        """The figures of this worker."""
        numbers = {"answers_total": {str(status): float(n) for status, n in self._statuses.items()}}
        answers = self._hub.broker.answers
        if answers is not None:
            numbers["redis_answers"] = {"": float(answers)}
        return Figures(numbers=numbers, durations={"request_seconds": self._durations.told()})


def route_of(scope: Scope) -> str:
    """The template of the address, such as /t/{slug}/{id:int}: there are few, and they name nobody."""
    route = scope.get("route")
    return route.path if isinstance(route, Route) else ABSENT


def place_of(scope: Scope) -> str:
    """The same with its numbers, such as /t/{slug}/12: an address as a log may keep it.

    What else an address holds are words of titles, people's names, or whatever somebody typed.
    """
    return NUMBER.sub(lambda match: str(scope["path_params"].get(match[1], match[0])), route_of(scope))

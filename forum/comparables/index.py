"""All organisations in the process's memory, in an order in which the nearest ones are found at once."""

import asyncio
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from heapq import heappush, heappushpop
from math import log
from typing import Any

from forum.comparables.closeness import (
    MOST_KM,
    MOST_TIMES,
    PLACE,
    SAME_REGION,
    SIZE,
    UNKNOWN,
    Facts,
    distance,
    remoteness,
)
from realtime.sql import sql

COLUMNS = """o.id, o.kind, o.population, o.department, o.region, o.group_siren, o.latitude, o.longitude,
    g.population AS group_population"""
# Sums of the same parts in another order differ by less.
ROUNDING = 1e-9
Heap = list[tuple[float, int]]


class District:
    """The organisations of one kind in one département, by size, and the circle in which they lie."""

    def __init__(self, members: Iterable[Facts]) -> None:
        stored = list(members)
        self.by_size = sorted((m for m in stored if m.size is not None), key=lambda m: m.size or 0.0)
        self.sizes = [m.size or 0.0 for m in self.by_size]
        self.unsized = [m for m in stored if m.size is None]
        self.region = stored[0].region
        self.department = stored[0].department
        placed = [
            (m.latitude, m.longitude) for m in stored if m.latitude is not None and m.longitude is not None
        ]
        self.centre = _middle(placed) if placed else None
        self.radius = (
            max((distance(*self.centre, *place) for place in placed), default=0.0) if self.centre else 0.0
        )

    def least(self, a: Facts) -> float:
        """No organisation of this one is less remote from `a` than that, by its place alone."""
        if self.department and self.department == a.department:
            return 0.0
        apart = SAME_REGION if self.region and self.region == a.region else 1.0
        if self.centre is None or a.latitude is None or a.longitude is None:
            return PLACE * apart
        near = max(0.0, distance(a.latitude, a.longitude, *self.centre) - self.radius) / MOST_KM
        return PLACE * min(apart, near)

    def within(self, a: Facts, budget: float) -> Iterable[Facts]:
        """Those whose size alone does not put them beyond a budget of remoteness."""
        if a.size is None:
            return [*self.by_size, *self.unsized]
        reach = budget / SIZE * MOST_TIMES
        first, last = bisect_left(self.sizes, a.size - reach), bisect_right(self.sizes, a.size + reach)
        return [*self.by_size[first:last], *(self.unsized if budget >= SIZE * UNKNOWN else ())]


def _middle(places: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(p[0] for p in places) / len(places), sum(p[1] for p in places) / len(places)


class Index:
    """Every organisation by its id, and the districts of each kind."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.facts = {row["id"]: _facts(row) for row in rows}
        parts: dict[tuple[str, str, str], list[Facts]] = defaultdict(list)
        self.groups: dict[str, list[Facts]] = defaultdict(list)
        for facts in self.facts.values():
            parts[facts.kind, facts.department, facts.region].append(facts)
            if facts.group:
                self.groups[facts.group].append(facts)
        self.districts: dict[str, list[District]] = defaultdict(list)
        for (kind, _department, _region), members in parts.items():
            self.districts[kind].append(District(members))

    def nearest(self, a: Facts, count: int) -> list[Facts]:
        """The nearest organisations, of the same kind first, the nearest at the head.

        Exact: what is left out is further away by its size, or by its département's place, alone.
        """
        found = self._nearest_of_kind(a, a.kind, count)
        for kind in sorted(self.districts.keys() - {a.kind}):
            if len(found) >= count:
                break
            found += self._nearest_of_kind(a, kind, count - len(found))
        return found

    def _nearest_of_kind(self, a: Facts, kind: str, count: int) -> list[Facts]:
        heap: Heap = []
        seen = {a.id}
        _keep(heap, count, a, (m for m in self.groups.get(a.group, ()) if m.kind == kind), seen)
        for least, _n, district in sorted(
            (district.least(a), n, district) for n, district in enumerate(self.districts[kind])
        ):
            budget = (-heap[0][0] if len(heap) == count else 1.0) - least + ROUNDING
            if budget < 0:
                break
            _keep(heap, count, a, district.within(a, budget), seen)
        return [self.facts[-id] for _r, id in sorted(heap, reverse=True)]


def _keep(heap: Heap, count: int, a: Facts, candidates: Iterable[Facts], seen: set[int]) -> None:
    """Keep the nearest so far; of two that are as near, the one with the smaller id."""
    for b in candidates:
        if b.id in seen:
            continue
        seen.add(b.id)
        item = (-remoteness(a, b), -b.id)
        if len(heap) < count:
            heappush(heap, item)
        elif item > heap[0]:
            heappushpop(heap, item)


def _facts(row: dict[str, Any]) -> Facts:
    return Facts(
        id=row["id"],
        kind=row["kind"],
        population=row["population"],
        size=_size(row["population"]),
        department=row["department"],
        region=row["region"],
        group=row["group_siren"],
        group_size=_size(row["group_population"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
    )


def _size(population: int | None) -> float | None:
    return None if population is None else log(max(1, population))


_version = ""
_index: Index | None = None


async def the_index() -> Index:
    """The index of the directory as it is now; made anew, beside the loop, when the directory has changed."""
    global _version, _index
    rows = await sql("SELECT MAX(updated_at) AS at FROM organisations")
    version = str(rows[0]["at"])
    if _index is None or version != _version:
        stored = await sql(
            f"""SELECT {COLUMNS} FROM organisations o LEFT JOIN organisations g ON g.siren = o.group_siren
                WHERE o.merged_into_id IS NULL"""
        )
        _index, _version = await asyncio.to_thread(Index, stored), version
    return _index

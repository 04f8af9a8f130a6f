"""The counts, over the themes that everyone may see: nothing restricted is in any of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from forum.cache import FragmentCache
from forum.categories.queries import ids, site_version, themes
from forum.clock import now
from forum.organisations.words import BANDS, band_of
from forum.reuses.queries import COUNTED, TABLES
from forum.value.working_days import end_of_delay
from realtime.sql import as_datetime, sql

# Questions are to be answered within this many working days.
DELAY = 2
# How long the counts are kept: they are for looking back, and the questions are many.
KEPT_FOR = timedelta(minutes=5)
SIZE = 4096

Band = tuple[int, int | None] | None
_kept: FragmentCache["Figures"] = FragmentCache(16 * SIZE)


class Figures(Struct, frozen=True):
    """What was counted, and when.

    Args:
        ended: the questions whose delay has ended; `in_time` of them had an answer in it.
        reusers: organisations with at least one reuse; `states`: the reuses by their state.
        bands: organisations that take part, by population band; None: the population is not known.
    """

    at: datetime
    questions: int
    ended: int
    in_time: int
    avoided: int
    sheets: int
    reuses: int
    reusers: int
    states: Mapping[str, int]
    bands: tuple[tuple[Band, int], ...]

    @property
    def taking_part(self) -> int:
        """All organisations that take part."""
        return sum(count for _band, count in self.bands)

    @property
    def share(self) -> int | None:
        """In percent, how many of the questions whose delay has ended had an answer in it."""
        return round(100 * self.in_time / self.ended) if self.ended else None


async def figures(zone: ZoneInfo) -> Figures:
    """The counts, at most five minutes old; at once, when a theme is no longer open to all.

    Args:
        zone: the site's, in which days begin.
    """
    open_ids = (await themes(await site_version())).open_ids()
    found = _kept.get(open_ids)
    if found is None or not now() - KEPT_FOR < found.at <= now():
        found = await count(open_ids, zone)
        _kept.put(open_ids, found, SIZE)
    return found


async def count(category_ids: frozenset[int], zone: ZoneInfo) -> Figures:
    """Count in these themes, now."""
    within, at = ids(category_ids), now()
    questions, ended, in_time = await _questions(within, at, zone)
    states = await _states(within)
    return Figures(
        at=at,
        questions=questions,
        ended=ended,
        in_time=in_time,
        avoided=await _number(
            f"""SELECT COUNT(*) AS n FROM avoided_questions a JOIN topics t ON t.id = a.topic_id
                WHERE t.deleted_at IS NULL AND t.category_id IN ({within})"""
        ),
        sheets=await _number(
            f"""SELECT COUNT(*) AS n FROM topics t WHERE t.kind = 'sheet' AND t.deleted_at IS NULL
                AND t.category_id IN ({within})"""
        ),
        reuses=sum(states.values()),
        reusers=await _number(
            f"SELECT COUNT(DISTINCT r.organisation_id) AS n {_REUSES.format(within=within)}"
        ),
        states=states,
        bands=await _bands(within),
    )


async def _number(query: str) -> int:
    (row,) = await sql(query)
    return int(row["n"])


async def _questions(within: str, at: datetime, zone: ZoneInfo) -> tuple[int, int, int]:
    """How many there are, of how many the delay has ended, how many of these had an answer in it."""
    rows = await sql(
        f"""SELECT t.created_at, (SELECT MIN(p.created_at) FROM posts p WHERE p.topic_id = t.id
                AND p.post_number > 1 AND p.post_type <> 3 AND p.deleted_at IS NULL
                AND p.user_id <> t.user_id) AS answered_at
            FROM topics t WHERE t.kind = 'question' AND t.deleted_at IS NULL
                AND t.category_id IN ({within})"""
    )
    ended = in_time = 0
    for row in rows:
        end = end_of_delay(as_datetime(row["created_at"]), DELAY, zone)
        if end <= at:
            ended += 1
            in_time += row["answered_at"] is not None and as_datetime(row["answered_at"]) < end
    return len(rows), ended, in_time


_REUSES = f"FROM {TABLES} WHERE {COUNTED} AND t.category_id IN ({{within}})"


async def _states(within: str) -> dict[str, int]:
    rows = await sql(f"SELECT r.state, COUNT(*) AS n {_REUSES.format(within=within)} GROUP BY r.state")
    return {row["state"]: row["n"] for row in rows}


async def _bands(within: str) -> tuple[tuple[Band, int], ...]:
    """The organisations for which somebody wrote or took something up, each once, in all the bands."""
    rows = await sql(
        f"""SELECT o.population FROM organisations o WHERE o.id IN (
            SELECT p.organisation_id FROM posts p JOIN topics t ON t.id = p.topic_id
                WHERE p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.category_id IN ({within})
            UNION SELECT r.organisation_id {_REUSES.format(within=within)})"""
    )
    counts: dict[Band, int] = dict.fromkeys((*BANDS, None), 0)
    for row in rows:
        counts[band_of(row["population"])] += 1
    return tuple(counts.items())

"""`python -m bench.comparables DATABASE_URL`: how long the fifteen nearest organisations take to find.

The database holds a directory (`relais organisations load FILE`); nothing is written.
"""

import asyncio
import random
import statistics
import sys
import time

from bench.report import say
from forum.comparables.index import the_index
from forum.comparables.queries import comparables_of
from forum.database import close_database, open_database

ASKED = 400


async def comparables(url: str) -> None:
    """The index once, then four hundred organisations drawn at random: with their rows read, and alone."""
    await open_database(url)
    try:
        start = time.perf_counter()
        index = await the_index()
        made = time.perf_counter() - start
        chosen = random.Random(1).sample(sorted(index.facts), ASKED)
        whole, alone = [], []
        for organisation in chosen:
            start = time.perf_counter()
            await comparables_of(organisation)
            middle = time.perf_counter()
            index.nearest(index.facts[organisation], 15)
            whole.append(1000 * (middle - start))
            alone.append(1000 * (time.perf_counter() - middle))
    finally:
        await close_database()
    say(f"comparables: index of {len(index.facts)} organisations in {made:.2f} s")
    say(f"comparables: with their rows {_spread(whole)}; search alone {_spread(alone)}")


def _spread(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"median {statistics.median(times):.2f} ms, p95 {cuts[94]:.2f}, p99 {cuts[98]:.2f}"


if __name__ == "__main__":
    asyncio.run(comparables(sys.argv[1]))

"""Replies through the API, acknowledged on disk with their events, beside plain commits of the same disk."""

import asyncio
import sqlite3
import statistics
import time

import orjson

from bench.report import say
from bench.servers import Server, relais
from bench.site import Facts
from bench.wire import Http

WRITERS = 8
SECONDS = 8
RATE = 50


async def writes(data: str, folder: str, facts: Facts) -> None:
    """Eight writers in one topic as fast as they can, on one core and free; then fifty a second."""
    for one_core in (True, False):
        async with relais(data, one_core=one_core) as site:
            await _as_fast_as_they_can(site, folder, facts, "one core" if one_core else "free on all cores")
            if one_core:
                await _at_a_steady_rate(site, facts)


async def _as_fast_as_they_can(site: Server, folder: str, facts: Facts, where: str) -> None:
    times: list[float] = []
    spent, end = site.cpu_seconds(), time.perf_counter() + SECONDS
    await asyncio.gather(*(_writer(site, facts, n, end, times) for n in range(WRITERS)))
    cpu, commits = 1000 * (site.cpu_seconds() - spent) / len(times), _commits(folder)
    rate = len(times) / SECONDS
    say(
        f"writes, {where}: {rate:.0f} replies/s with {WRITERS} writers in one topic, {_spread(times)}, "
        f"{cpu:.2f} ms CPU each; sqlite3 FULL {commits:.0f} commits/s, ratio {rate / commits:.2f}"
    )


async def _writer(site: Server, facts: Facts, n: int, end: float, times: list[float]) -> None:
    http = await Http.open(site)
    while (started := time.perf_counter()) < end:
        await _reply(http, facts, f"A reply of writer {n} to measure with.")
        times.append(1000 * (time.perf_counter() - started))


async def _reply(http: Http, facts: Facts, raw: str) -> None:
    body = orjson.dumps({"topic_id": facts.topic, "raw": raw})
    status, answer = await http.request("POST", "/posts.json", facts.program(), body)
    assert status == 200, answer


async def _at_a_steady_rate(site: Server, facts: Facts) -> None:
    """Each reply is due at its time, whether or not the one before has been answered."""
    connections = [await Http.open(site) for _n in range(WRITERS)]
    first, times = time.perf_counter() + 0.1, []

    async def due(n: int) -> None:
        at = first + n / RATE
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        async with connections[n % WRITERS].alone:
            await _reply(connections[n % WRITERS], facts, f"Reply {n} in its time.")
        times.append(1000 * (time.perf_counter() - at))

    await asyncio.gather(*(due(n) for n in range(RATE * SECONDS)))
    say(f"writes at {RATE} a second: {_spread(times)}")


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(times):.1f} ms, p99 {ordered[int(len(ordered) * 0.99)]:.1f} ms"


def _commits(folder: str) -> float:
    with sqlite3.connect(f"{folder}/yardstick.sqlite3", isolation_level=None) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE IF NOT EXISTS t (x TEXT)")
        started = time.perf_counter()
        for n in range(2000):
            database.execute("INSERT INTO t VALUES (?)", (f"{n} " * 50,))
        return 2000 / (time.perf_counter() - started)

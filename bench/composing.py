"""Twenty people write a question at once, asked about while they type; and what others read meanwhile."""

import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress

import orjson

from bench.questions import questions
from bench.report import say
from bench.servers import Server, relais
from bench.site import Facts
from bench.wire import Http, listen, read_frame, send

PEOPLE = 20
SECONDS = 20.0
# Somebody types three to five signs a second; the page asks when they pause.
PAUSE = (0.4, 1.0)
PAGES_A_SECOND = 20


async def composing(data: str, folder: str, facts: Facts) -> None:
    """How long suggestions take, and pages with them and without."""
    async with relais(data, one_core=True) as site:
        alone = await _read(site, facts, SECONDS / 2)
        people = facts.cookies[:PEOPLE]
        writing = [
            asyncio.create_task(_write(site, cookie, text))
            for cookie, text in zip(people, questions(), strict=False)
        ]
        meanwhile = await _read(site, facts, SECONDS)
        for one in writing:
            one.cancel()
        waits = [wait for one in await asyncio.gather(*writing) for wait in one]
    say(
        f"composing: {len(people)} people type, {len(waits) / SECONDS:.0f} suggestions a second, "
        f"answered after {_times(waits)}; {PAGES_A_SECOND} pages a second meanwhile {_times(meanwhile)}, "
        f"alone {_times(alone)}"
    )


def _times(waits: list[float]) -> str:
    return f"p50 {statistics.median(waits):.0f} ms, p95 {statistics.quantiles(waits, n=20)[-1]:.0f} ms"


async def _write(site: Server, cookie: str, text: str) -> list[float]:
    """Type a question again and again, a little further each time; how long each answer took (ms)."""
    headers = f"{cookie}Origin: {site.address}\r\n"
    reader = await listen(site, "/connection/websocket", [{"id": 1, "connect": {}}], headers)
    chance, waits = random.Random(text), list[float]()
    with suppress(asyncio.CancelledError):
        for number in itertools.count(2):
            typed = text[: 8 + 3 * number % len(text)]
            await asyncio.sleep(chance.uniform(*PAUSE))
            started = time.perf_counter()
            send(
                reader, {"id": number, "rpc": {"method": "similar", "data": {"title": typed, "seq": number}}}
            )
            while orjson.loads(await read_frame(reader)).get("id") != number:
                """A push of what else happens."""
            waits.append(1000 * (time.perf_counter() - started))
    return waits


async def _read(site: Server, facts: Facts, seconds: float) -> list[float]:
    """Pages at an even pace, one after the other; how long each took (ms)."""
    http, waits = await Http.open(site), list[float]()
    pairs: Iterator[tuple[str, str]] = zip(
        itertools.cycle(facts.paths), itertools.cycle(facts.cookies), strict=False
    )
    end = time.perf_counter() + seconds
    for path, cookie in pairs:
        started = time.perf_counter()
        if started >= end:
            break
        status, _body = await http.request("GET", path, cookie)
        assert status == 200, path
        waits.append(1000 * (time.perf_counter() - started))
        await asyncio.sleep(max(0.0, 1 / PAGES_A_SECOND - waits[-1] / 1000))
    return waits

"""The topic page of 20 posts: the server's CPU on one core, beside a bare answer of the same bytes."""

import asyncio
import itertools
import statistics
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import orjson

from bench.report import say
from bench.servers import Server, bare, relais
from bench.site import Facts
from bench.wire import Http, cpu_ms

ROUNDS = 5
REQUESTS = 4_000


async def pages(data: str, folder: str, facts: Facts) -> None:
    """For visitors and for members in rotation, while a reply a second goes to these topics."""
    async with relais(data, one_core=True) as site:
        for who, cookies in (("a visitor", [""]), (f"{len(facts.cookies)} members", facts.cookies)):
            await _measure(site, folder, facts, who, cookies)
            if facts.deep_paths:
                await _measure_deep(site, facts, who, cookies)


async def _measure(site: Server, folder: str, facts: Facts, who: str, cookies: list[str]) -> None:
    http = await Http.open(site)
    _status, body = await http.request("GET", facts.paths[0], cookies[0])
    cold = await cpu_ms(site, _asked(facts.paths, cookies, len(facts.paths)))
    held = await _revalidated(site, facts, cookies)
    async with bare(body, folder, one_core=True) as yardstick, _a_reply_each_second(site, facts):
        rounds = [await _pair(site, yardstick, facts.paths, cookies) for _n in range(ROUNDS)]
    mine, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    say(
        f"pages, {who}: {mine:.3f} ms CPU, {len(facts.paths)} topics in rotation, a reply a second; "
        f"bare {floor:.3f} ms for the same {len(body)} bytes, ratio {mine / floor:.1f}; "
        f"each for the first time {cold:.2f} ms; unchanged (304) {held:.3f} ms"
    )


async def _pair(site: Server, yardstick: Server, paths: list[str], cookies: list[str]) -> tuple[float, float]:
    asked = _asked(paths, cookies, REQUESTS)
    return await cpu_ms(site, asked), await cpu_ms(yardstick, [("/page", "")] * REQUESTS)


def _asked(paths: list[str], cookies: list[str], count: int) -> list[tuple[str, str]]:
    """So many requests: the addresses in turn, the members in turn."""
    pairs: Iterator[tuple[str, str]] = zip(itertools.cycle(paths), itertools.cycle(cookies), strict=False)
    return list(itertools.islice(pairs, count))


async def _revalidated(site: Server, facts: Facts, cookies: list[str]) -> float:
    """The CPU of an answer «you have it»: each page asked again with the tag that it came with."""
    asked = _asked(facts.paths, cookies, min(REQUESTS, len(facts.paths)))
    http, with_tags = await Http.open(site), []
    for path, cookie in asked:
        tag = await http.tag_of(path, cookie)
        with_tags.append((path, f"{cookie}If-None-Match: {tag}\r\n"))
    return await cpu_ms(site, with_tags, expect=304)


async def _measure_deep(site: Server, facts: Facts, who: str, cookies: list[str]) -> None:
    """Pages of one topic of 10,000 posts, beside first pages of as many ordinary topics."""
    ordinary = facts.paths[: len(facts.deep_paths)]
    cold = await cpu_ms(site, _asked(facts.deep_paths, cookies, len(facts.deep_paths)))
    rounds = [
        (
            await cpu_ms(site, _asked(facts.deep_paths, cookies, REQUESTS // 2)),
            await cpu_ms(site, _asked(ordinary, cookies, REQUESTS // 2)),
        )
        for _n in range(ROUNDS)
    ]
    deep, usual = (statistics.median(column) for column in zip(*rounds, strict=True))
    say(
        f"pages of a topic of 10,000 posts, {who}: {deep:.3f} ms CPU, an ordinary topic {usual:.3f} ms, "
        f"ratio {deep / usual:.2f}; each for the first time {cold:.2f} ms"
    )


@asynccontextmanager
async def _a_reply_each_second(site: Server, facts: Facts) -> AsyncIterator[None]:
    writing = asyncio.create_task(_write(site, facts))
    try:
        yield
    finally:
        writing.cancel()


async def _write(site: Server, facts: Facts) -> None:
    http = await Http.open(site)
    for topic_id in itertools.cycle(facts.topic_ids[1:]):
        body = orjson.dumps({"topic_id": topic_id, "raw": "A reply while others read."})
        status, answer = await http.request("POST", "/posts.json", facts.program(), body)
        assert status == 200, answer
        await asyncio.sleep(1)

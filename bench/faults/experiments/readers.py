"""Readers that are frozen, and readers on lines of one kilobyte a second, beside healthy ones."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.faults.experiment import Result
from bench.faults.meters import delays, memory, now, percentile
from bench.faults.processes import put_an_end, python
from bench.faults.proxy import Proxy
from bench.faults.scene import Scene, scene

RATE = 1000
POST_CHARACTERS = 20_000
# What a server may hold for each of them, and what its memory may grow by for other reasons.
KB_EACH, KB_OTHERWISE = 64, 40_000
# How much later a healthy reader may hear because of the others (a loaded machine adds its own).
LATER, LATER_SECONDS = 1.2, 0.1


async def readers(folder: Path, slow: int, posts: int, healthy: int = 10) -> Result:
    """Freeze half of the slow ones, throttle the others, write a lot, and let them go on.

    Args:
        posts: of 20,000 characters, while they are slow.
    """
    async with scene(folder, topics=1) as site, Proxy(site.site.port, narrow=True) as proxy:
        await site.listen(healthy, patches=True)
        throttled = await site.listen(slow // 2, address=proxy.address, patches=True)
        async with _crowd(site, slow - slow // 2) as crowd:
            site.write(6, size=POST_CHARACTERS)
            began = now()
            await site.until_writes_fly(more=posts // 4)
            froze, grown_kb = await _slow_down(site, proxy, crowd, posts)
            thawed = now()
            await site.until_writes_fly(more=6)
            for writer in site.writers:
                writer.stopping = True
            await _end(crowd)
        result = Result(await site.finish())
    names = {listener.name for listener in throttled}
    _judge_others(result, site, names, (began, froze, thawed))
    room = KB_EACH * slow + KB_OTHERWISE
    result.expect(grown_kb <= room, f"memory grew by {grown_kb:,} kB (≤ {room:,})")
    _judge_drops(result, site, names, slow, froze)
    return result


async def _slow_down(
    site: Scene, proxy: Proxy, crowd: asyncio.subprocess.Process, posts: int
) -> tuple[float, int]:
    """For so many posts; when it began, and by how much the server's memory grew."""
    site.fault("readers frozen and throttled")
    froze = now()
    crowd.send_signal(signal.SIGSTOP)
    proxy.rate = RATE
    async with memory(site.site.pid) as meter:
        await site.until_writes_fly(more=posts, seconds=300)
    crowd.send_signal(signal.SIGCONT)
    proxy.rate = 0
    return froze, meter.grown_kb


def _judge_others(result: Result, site: Scene, slow: set[str], times: tuple[float, float, float]) -> None:
    """What is slow for some is not for the others."""
    began, froze, thawed = times
    own = [row for row in site.rows if row["who"] not in slow and not row["who"].startswith("crowd")]
    usual = percentile(delays(own, began, froze), 0.99)
    beside = percentile(delays(own, froze, thawed), 0.99)
    result.within(
        beside,
        LATER * usual + LATER_SECONDS,
        f"the others hear after {1000 * beside:.0f} ms (p99; before: {1000 * usual:.0f} ms)",
    )


def _judge_drops(result: Result, site: Scene, throttled: set[str], slow: int, froze: float) -> None:
    """Each slow one was dropped, with the code for it or by the end of its line."""
    dropped: dict[str, int] = {}
    for row in site.rows:
        late = row["what"] == "closed" and row["at"] > froze
        if late and (row["who"] in throttled or row["who"].startswith("crowd")):
            dropped.setdefault(row["who"], row["code"])
    codes = sorted(dropped.values())
    told = {code: codes.count(code) for code in dict.fromkeys(codes)}
    result.expect(len(dropped) >= slow, f"{len(dropped)} of {slow} slow readers dropped, codes {told}")


@asynccontextmanager
async def _crowd(site: Scene, count: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Listeners in a process of their own."""
    journal = site.folder.with_suffix(".crowd.journal")
    site.journals.append(journal)
    arguments = (site.site.address, site.url, str(journal), str(count), f"topic:{site.stage.topics[0]}")
    process = await python("-m", "bench.faults.crowd", *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"listening\n"
        yield process
    finally:
        await put_an_end(process)


async def _end(crowd: asyncio.subprocess.Process) -> None:
    crowd.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        assert await crowd.wait() == 0

"""Lines cut, reset, lost and silent for a while, at random, under writers and listeners."""

import asyncio
import random
from contextlib import suppress
from math import inf
from pathlib import Path

from bench.faults.experiment import Result
from bench.faults.proxy import Line, Proxy
from bench.faults.scene import Scene, scene
from bench.faults.waiting import until

DEAD_SECONDS = 45.0
SILENT_SECONDS = 0.5


async def cuts(folder: Path, faults: int, writers: int = 50, listeners: int = 40, lost: int = 20) -> Result:
    """Break one line at a time; then lose some clients for good, and see how soon the site notices.

    Args:
        lost: clients that are lost for good at the end; waiting for them takes most of a minute.
    """
    async with scene(folder) as site, Proxy(site.site.port, delay=0.001) as proxy:
        await site.listen(listeners, address=proxy.address)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics], proxy.address)
        site.write(writers, address=proxy.address)
        await site.until_writes_fly(more=writers)
        kinds = {"cut": 0, "reset": 0, "client lost": 0, "silence": 0}
        for _n in range(faults):
            await _break_one(site, proxy, kinds)
        noticed = await _lose_for_good(proxy, lost)
        result = Result(await site.finish())
        result.expect_answers(site.rows)
    result.seen.append(", ".join(f"{number} × {kind}" for kind, number in kinds.items()))
    if lost:
        late = max(noticed) if len(noticed) >= lost else inf
        result.within(
            late,
            DEAD_SECONDS,
            f"{len(noticed)} lost clients given up after {late:.0f} s at the latest (≤ 45)",
        )
    return result


async def _break_one(site: Scene, proxy: Proxy, kinds: dict[str, int]) -> None:
    """One line, of a writer or of a listener, in one way."""
    await asyncio.sleep(random.uniform(0, 0.05))
    await site.until_writes_fly()
    alive = [line for line in proxy.lines if not line.dead_since]
    line, kind = random.choice(alive), random.choice(list(kinds))
    kinds[kind] += 1
    site.fault(kind)
    if kind == "cut":
        line.cut()
    elif kind == "reset":
        line.reset()
    elif kind == "client lost":
        proxy.lose_client(line)
    else:
        line.silence()
        asyncio.get_running_loop().call_later(random.uniform(0, SILENT_SECONDS), _end_silence, line)


def _end_silence(line: Line) -> None:
    """A silent line comes back, or it turns out to be dead."""
    random.choice((line.speak, line.reset))()


async def _lose_for_good(proxy: Proxy, count: int) -> list[float]:
    """Lose clients; the seconds after which the site gave up those that it held as listeners."""
    for line in random.sample([line for line in proxy.lines if not line.dead_since], count):
        proxy.lose_client(line)
    if count:
        with suppress(TimeoutError):
            await until(lambda: all(line.gone_after for line in proxy.dead), DEAD_SECONDS + 10, pause=0.1)
    return [line.gone_after for line in proxy.dead if line.gone_after]

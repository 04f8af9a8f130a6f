"""Redis stopped, emptied and frozen under two workers: posting goes on, live goes by the log."""

from math import inf
from pathlib import Path
from time import monotonic

from bench.faults.crew import Crew, crew
from bench.faults.experiment import Result
from bench.faults.meters import delays, refused
from bench.faults.scene import Scene
from bench.faults.waiting import until

LATE_SECONDS = 5.0
PAUSE = 0.25


async def redis(folder: Path, seconds: float, writers: int = 20, listeners: int = 16) -> Result:
    """Away for so long, then emptied, then frozen for so long."""
    async with crew(folder) as all_of_it:
        site = all_of_it.site
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        # At a pace that leaves room: what is measured is Redis's absence, and not how full the machine is.
        site.write(writers, pause=PAUSE)
        spans = {
            f"stopped {seconds:g} s": await _stopped(all_of_it, seconds),
            "emptied": await _emptied(all_of_it),
            f"frozen {seconds:g} s": await _frozen(all_of_it, seconds),
        }
        result = Result(await site.finish())
    for name, span in spans.items():
        _judge(result, site, name, *span)
    return result


async def _stopped(all_of_it: Crew, seconds: float) -> tuple[float, float]:
    began = await _begin(all_of_it.site, "Redis stopped")
    await all_of_it.redis.stop()
    await _until_past(began + seconds)
    await all_of_it.redis.start()
    return began, await _settled(all_of_it.site)


async def _emptied(all_of_it: Crew) -> tuple[float, float]:
    began = await _begin(all_of_it.site, "Redis emptied")
    await all_of_it.redis.flush()
    return began, await _settled(all_of_it.site)


async def _frozen(all_of_it: Crew, seconds: float) -> tuple[float, float]:
    began = await _begin(all_of_it.site, "Redis frozen")
    all_of_it.redis.freeze()
    await _until_past(began + seconds)
    all_of_it.redis.thaw()
    return began, await _settled(all_of_it.site)


async def _begin(site: Scene, fault: str) -> float:
    await site.until_writes_fly(more=len(site.writers))
    site.fault(fault)
    return monotonic()


async def _until_past(moment: float) -> None:
    """The time that the fault lasts."""
    await until(lambda: monotonic() > moment, 120, pause=0.1)


async def _settled(site: Scene) -> float:
    """When everyone has written again."""
    await site.until_writes_fly(more=2 * len(site.writers))
    return monotonic()


def _judge(result: Result, site: Scene, name: str, began: float, ended: float) -> None:
    no = refused(site.rows, began, ended)
    late = delays(site.rows, began, ended)
    written = sum(row["what"] == "acknowledged" and began <= row["at"] <= ended for row in site.rows)
    result.expect(not no, f"{name}: {written} writes acknowledged meanwhile, {len(no)} refused")
    latest = max(late, default=inf)
    result.within(
        latest, LATE_SECONDS, f"{name}: heard {latest:.1f} s after they were acknowledged at the latest (≤ 5)"
    )

"""The log trimmed under sleeping clients: they get everything, or are told to refresh; nothing between."""

from pathlib import Path

from bench.faults.experiment import Result
from bench.faults.listeners import Listener
from bench.faults.orders import command, give
from bench.faults.scene import Scene, scene
from bench.faults.waiting import until


async def trimmed(folder: Path, times: int, writers: int = 10, listeners: int = 4) -> Result:
    """One sleeps before what is trimmed, one right at its end, one only after; the others stay awake."""
    async with scene(folder, topics=1) as site:
        await site.listen(listeners)
        early, edge, late = await site.listen(3)
        # Slowly: whoever is more than 300 events behind refreshes anyway, and proves nothing here.
        site.write(writers, pause=0.4)
        seen = [await _once(site, early, edge, late) for _n in range(times)]
        result = Result(await site.finish())
    told = sum(early for early, _edge, _late in seen)
    whole = sum(edge and late for _early, edge, late in seen)
    result.expect(
        told == times, f"who had slept before what was trimmed was told to refresh {told}/{times} times"
    )
    result.expect(
        whole == times, f"who had missed nothing of what was trimmed recovered {whole}/{times} times"
    )
    return result


async def _once(site: Scene, early: Listener, edge: Listener, late: Listener) -> tuple[bool, bool, bool]:
    """Trim while some sleep; whether each of the three came back as it should."""
    channel = early.channels[0]
    await site.until_writes_fly(more=5)
    await early.leave()
    await site.until_writes_fly(more=10)
    await edge.leave()
    last = edge.positions[channel].offset
    await site.until_writes_fly(more=10)
    await late.leave()
    await give(site.url, "age", channel, str(last))
    await site.until_writes_fly()
    site.fault("log trimmed")
    await command(site.folder, site.url, "jobs", "run", "trim_log")
    await site.until_writes_fly(more=5)
    counts = [listener.recoveries for listener in (early, edge, late)]
    for listener in (early, edge, late):
        listener.come_back()
    await until(lambda: all(one.listening for one in (early, edge, late)), 30, "coming back")
    back = [one.recoveries - count for one, count in zip((early, edge, late), counts, strict=True)]
    return back[0] < len(early.channels), back[1] == len(edge.channels), back[2] == len(late.channels)

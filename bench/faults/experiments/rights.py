"""Rights that are lost: while offline, and on every worker while connected."""

from math import inf
from pathlib import Path
from time import monotonic

from bench.faults.calls import Caller
from bench.faults.crew import crew
from bench.faults.experiment import Result
from bench.faults.listeners import Listener
from bench.faults.orders import give
from bench.faults.scene import Scene, scene
from bench.faults.stage import GROUP
from bench.faults.stored import read_heads
from bench.faults.waiting import until

# What the product promises: a right that is lost is gone within a second.
SECOND = 1.0
NOBODY = ("eve", "carol", "dora", "emil", "fred")


async def rights(folder: Path, each: int, writers: int = 10) -> Result:
    """On one process and SQLite."""
    async with scene(folder) as site:
        return await _run(site, each, writers)


async def rights_of_many(folder: Path, each: int, writers: int = 10) -> Result:
    """On two workers, so that each holds some of the connections."""
    async with crew(folder) as all_of_it:
        return await _run(all_of_it.site, each, writers)


async def _run(site: Scene, each: int, writers: int) -> Result:
    """Bob and others write in a private topic; carol, dora, emil and fred lose it in four ways.

    Args:
        each: connections of each of them.
    """
    channels = [f"topic:{site.stage.private_topic}", f"category:{site.stage.private_theme}"]
    people = {who: [await site.listen_as(who, channels) for _n in range(each)] for who in NOBODY}
    for listener in people["eve"]:
        _bar(site, listener, channels, dict.fromkeys(channels, 0))
    await site.listen_as("alice", channels)
    site.write(writers, topics=[site.stage.private_topic])
    await site.until_writes_fly(more=writers)
    ways = (
        ("dora leaves the group while connected", _leaves, "dora"),
        ("emil signs out", _signs_out, "emil"),
        ("fred is suspended", _is_suspended, "fred"),
    )
    await _leaves_offline(site, people["carol"], channels, "carol")
    ends = [(name, await way(site, people[who], channels, who)) for name, way, who in ways]
    still = [who for who in NOBODY if await _reads(site, who)]
    result = Result(await site.finish())
    for name, seconds in ends:
        result.within(max(seconds), SECOND, f"{name}: over after {max(seconds):.2f} s (≤ 1)")
    result.expect(not still, f"over HTTP {len(still)} of them still read the topic")
    return result


def _bar(site: Scene, listener: Listener, channels: list[str], after: dict[str, int]) -> None:
    for channel in channels:
        site.bar(listener, channel, after.get(channel, 0))


async def _leaves_offline(site: Scene, who: list[Listener], channels: list[str], name: str) -> None:
    """Nothing comes that they had missed, nor anything else."""
    for listener in who:
        await listener.leave()
    await site.until_writes_fly()
    site.fault("rights removed while offline")
    await give(site.url, "leave", GROUP, name)
    await site.until_writes_fly(more=20)
    for listener in who:
        after = {channel: listener.positions[channel].offset for channel in channels}
        _bar(site, listener, channels, after)
        listener.come_back()
    await until(lambda: all(listener.settled for listener in who), 30, "coming back")
    await site.until_writes_fly(more=20)


async def _leaves(site: Scene, who: list[Listener], channels: list[str], name: str) -> list[float]:
    await site.until_writes_fly()
    site.fault("rights removed while connected")
    await give(site.url, "leave", GROUP, name)
    return await _over(site, who, channels)


async def _signs_out(site: Scene, who: list[Listener], channels: list[str], name: str) -> list[float]:
    await site.until_writes_fly()
    site.fault("signed out while connected")
    await give(site.url, "sign-out", name)
    return await _over(site, who, [*channels, *who[0].server_side])


async def _is_suspended(site: Scene, who: list[Listener], channels: list[str], name: str) -> list[float]:
    await site.until_writes_fly()
    site.fault("suspended while connected")
    await give(site.url, "suspend", name)
    return await _over(site, who, [*channels, *who[0].server_side])


async def _over(site: Scene, who: list[Listener], channels: list[str]) -> list[float]:
    """The seconds until each of these connections heard these channels no more.

    What is written from a second after the change on may reach none of them.
    """
    began, over = monotonic(), dict[Listener, float]()

    def past(seconds: float) -> bool:
        now = monotonic() - began
        for listener in who:
            if listener.forbidden or not listener.positions.keys() & {*channels}:
                over.setdefault(listener, now)
        return now >= seconds

    await until(lambda: past(SECOND), 30)
    after = await read_heads(site.url)
    for listener in who:
        _bar(site, listener, channels, after)
    await site.until_writes_fly(more=20)
    await until(lambda: past(2 * SECOND), 30)
    return [over.get(listener, inf) for listener in who]


async def _reads(site: Scene, who: str) -> bool:
    """Whether a member can still read the private topic over HTTP."""
    caller = Caller(site.site.address, {"Cookie": f"relais={site.stage.cookies[who]}"})
    try:
        return (await caller.request("GET", f"/t/{site.stage.private_topic}.json")).status == 200
    finally:
        caller.close()

"""Rights that are lost: while offline, and on every worker while connected."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic

from bench.faults.calls import Caller
from bench.faults.crew import crew
from bench.faults.experiment import Result
from bench.faults.listeners import Listener
from bench.faults.orders import command
from bench.faults.scene import Scene, scene
from bench.faults.stage import GROUP
from bench.faults.stored import read_heads
from bench.faults.waiting import until

# What the product promises: a right that is lost is gone within a second.
SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Loss:
    """Somebody who is connected loses some channels, and the topic among them.

    Attributes:
        act: what takes the right away; returns when it is done.
    """

    name: str
    who: str
    channels: list[str]
    act: Callable[[], Awaitable[None]]

    @property
    def topic(self) -> int:
        """The topic that is closed to them from then on."""
        return int(self.channels[0].partition(":")[2])


async def rights(folder: Path, each: int, writers: int = 10) -> Result:
    """On one process and SQLite."""
    async with scene(folder) as site:
        return await _run(site, each, writers)


async def rights_of_many(folder: Path, each: int, writers: int = 10) -> Result:
    """On two workers, so that each holds some of the connections."""
    async with crew(folder) as all_of_it:
        return await _run(all_of_it.site, each, writers)


async def _run(site: Scene, each: int, writers: int) -> Result:
    """Bob writes; eve may never hear the private topic, carol loses it while offline, others connected.

    Args:
        each: connections of each of them.
    """
    stage, losses = site.stage, losses_of(site)
    private = losses[0].channels
    people = {
        loss.who: [await site.listen_as(loss.who, loss.channels) for _n in range(each)] for loss in losses
    }
    people |= {who: [await site.listen_as(who, private) for _n in range(each)] for who in ("carol", "eve")}
    _bar(site, people["eve"], private, {})
    await site.listen_as("alice", [f"topic:{topic}" for topic in (stage.private_topic, *stage.topics)])
    site.write(writers, topics=[stage.private_topic, *stage.topics[:2]])
    await _leaves_offline(site, people["carol"], private)
    ends = [(loss.name, await _loses(site, people[loss.who], loss)) for loss in losses]
    still = [loss.who for loss in losses if await _reads(site, loss.who, loss.topic)]
    still += [who for who in ("carol", "eve") if await _reads(site, who, stage.private_topic)]
    result = Result(await site.finish())
    for name, seconds in ends:
        result.within(max(seconds), SECOND, f"{name}: over after {max(seconds):.2f} s (≤ 1)")
    result.expect(not still, f"over HTTP {len(still)} of them still read the topic")
    return result


def losses_of(site: Scene) -> tuple[Loss, ...]:
    """In this order: the last closes what the others still need."""
    stage = site.stage

    def run(*words: str) -> Callable[[], Awaitable[None]]:
        return lambda: command(site.folder, site.url, *words)

    private = [f"topic:{stage.private_topic}", f"category:{stage.private_theme}"]
    open_to_all = [f"topic:{stage.topics[1]}", f"category:{stage.theme}"]
    return (
        Loss("taken out of the group", "dora", private, run("groups", "remove", GROUP, "dora")),
        Loss("signed out", "emil", private, run("users", "sign-out", "emil")),
        Loss("suspended", "fred", private, run("users", "suspend", "fred", "--until", "2099-01-01")),
        Loss("topic moved", "gina", [f"topic:{stage.topics[0]}"], lambda: _move(site, stage.topics[0])),
        Loss("theme restricted", "hugo", open_to_all, run("categories", "restrict", str(stage.theme), GROUP)),
    )


async def _move(site: Scene, topic: int) -> None:
    """A moderator moves a topic to the private theme."""
    mod = Caller(site.site.address, {"Api-Key": site.stage.key, "Api-Username": "mod"})
    try:
        answer = await mod.request("PUT", f"/t/-/{topic}.json", {"category_id": site.stage.private_theme})
        assert answer.status == 200, answer
    finally:
        mod.close()


def _bar(site: Scene, who: list[Listener], channels: list[str], after: dict[str, int]) -> None:
    for listener in who:
        for channel in channels:
            site.bar(listener, channel, after.get(channel, 0))


async def _leaves_offline(site: Scene, who: list[Listener], channels: list[str]) -> None:
    """Nothing comes that they had missed, nor anything else."""
    for listener in who:
        await listener.leave()
    await site.until_writes_fly(more=len(site.writers))
    site.fault("rights removed while offline")
    await command(site.folder, site.url, "groups", "remove", GROUP, "carol")
    await site.until_writes_fly(more=20)
    for listener in who:
        _bar(site, [listener], channels, {name: listener.positions[name].offset for name in channels})
        listener.come_back()
    await until(lambda: all(listener.settled for listener in who), 30, "coming back")
    await site.until_writes_fly(more=20)


async def _loses(site: Scene, who: list[Listener], loss: Loss) -> list[float]:
    """The seconds until each of these connections heard these channels no more.

    What is written from a second after the change on may reach none of them.
    """
    await site.until_writes_fly()
    site.fault(loss.name)
    await loss.act()
    began, over = monotonic(), dict[Listener, float]()

    def past(seconds: float) -> bool:
        now = monotonic() - began
        for listener in who:
            if listener.forbidden or not listener.positions.keys() & {*loss.channels}:
                over.setdefault(listener, now)
        return now >= seconds

    await until(lambda: past(SECOND), 30)
    after = await read_heads(site.url)
    _bar(site, who, loss.channels, after)
    for listener in who:
        if listener.forbidden:
            _bar(site, [listener], listener.server_side, after)
    await site.until_writes_fly(more=20)
    await until(lambda: past(2 * SECOND), 30)
    return [over.get(listener, inf) for listener in who]


async def _reads(site: Scene, who: str, topic: int) -> bool:
    """Whether a member can still read a topic over HTTP."""
    caller = Caller(site.site.address, {"Cookie": f"relais={site.stage.cookies[who]}"})
    try:
        return (await caller.request("GET", f"/t/{topic}.json")).status == 200
    finally:
        caller.close()

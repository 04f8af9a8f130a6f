"""One of two workers killed: the clients of the other notice nothing."""

import os
import random
import signal
from pathlib import Path

from bench.faults.crew import Crew, crew
from bench.faults.experiment import Result
from bench.faults.waiting import until

REPLACED_SECONDS = 10.0
SOME, TRIES = 4, 50


async def worker(folder: Path, times: int, writers: int = 20, listeners: int = 24) -> Result:
    """Kill one so many times."""
    async with crew(folder) as all_of_it:
        site = all_of_it.site
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        site.write(writers)
        kills = [await _kill_one(all_of_it) for _n in range(times)]
        result = Result(await site.finish())
        result.expect_answers(site.rows)
    result.expect(
        not any(hurt for _took, _others, hurt in kills),
        f"of {sum(others for _took, others, _hurt in kills)} clients of the other worker, "
        f"{sum(hurt for _took, _others, hurt in kills)} lost their connection",
    )
    longest = max(took for took, _others, _hurt in kills)
    result.within(longest, REPLACED_SECONDS, f"another one started after {longest:.1f} s at the longest")
    return result


async def _kill_one(all_of_it: Crew) -> tuple[float, int, int]:
    """Kill a worker; the seconds until there are two again, the other's clients, those who lost it."""
    site = all_of_it.site
    await _both_have_some(all_of_it)
    await site.until_writes_fly(more=len(site.writers))
    before = site.site.workers()
    victim = random.choice(sorted(before))
    others = before - {victim}
    safe = [(one, one.connections) for pid in others for one in all_of_it.listeners_of(pid)]
    site.fault("worker killed")
    os.kill(victim, signal.SIGKILL)
    took = await until(lambda: len(site.site.workers() - before) == 1, 60, "a new worker")
    await site.until_writes_fly(more=2 * len(site.writers))
    hurt = sum(one.connections != count for one, count in safe)
    return took, len(safe), hurt


async def _both_have_some(all_of_it: Crew) -> None:
    """Who knocks together is often taken by the same worker: some come back until both have a few.

    Raises:
        TimeoutError: they never do.
    """
    site = all_of_it.site
    for _n in range(TRIES):
        await site.until_everyone_listens()
        crowds = [all_of_it.listeners_of(pid) for pid in site.site.workers()]
        if min(map(len, crowds)) >= SOME:
            return
        for listener in max(crowds, key=len)[: 2 * SOME]:
            await listener.leave()
            listener.come_back()
    raise TimeoutError("one worker has nearly all the listeners, however often they come back")

"""SIGTERM under load: what is on the wire is finished, everyone is told, spread over five seconds."""

import signal
from pathlib import Path
from time import monotonic

from bench.faults.experiment import Result
from bench.faults.scene import Scene, scene

EXIT_SECONDS = 15.0
# Spread over five seconds: neither all at once nor for ever.
SPREAD = (3.0, 8.0)
SHUTDOWN = 3001
# uvicorn ends in good order, and then by the signal that it was sent.
GOOD_ENDS = {0, -signal.SIGTERM}


async def stop(folder: Path, times: int, writers: int = 50, listeners: int = 60) -> Result:
    """Stop it so many times, and start it again."""
    async with scene(folder) as site:
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        site.write(writers)
        stops = [await _stop(site) for _n in range(times)]
        result = Result(await site.finish())
        result.expect_answers(site.rows)
    longest, codes = max(took for took, _code in stops), {code for _took, code in stops}
    result.within(longest, EXIT_SECONDS, f"ended {longest:.1f} s after SIGTERM at the latest (≤ 15)")
    result.expect(codes <= GOOD_ENDS, f"exit code {codes}")
    ends = goodbyes(site)
    told = set().union(*(codes for _spread, codes in ends))
    result.expect(told == {SHUTDOWN}, f"sockets closed with {told}")
    shortest, longest = min(spread for spread, _codes in ends), max(spread for spread, _codes in ends)
    result.expect(shortest >= SPREAD[0], f"spread over {shortest:.1f} s at the least (about 5)")
    result.within(longest, SPREAD[1], f"spread over {longest:.1f} s at the most (about 5)")
    return result


async def _stop(site: Scene) -> tuple[float, int]:
    """Stop and start again; the seconds that the stop took, the exit code."""
    await site.until_everyone_listens()
    await site.until_writes_fly(more=len(site.writers))
    site.fault("SIGTERM")
    began = monotonic()
    site.site.signal(signal.SIGTERM)
    code = await site.site.ended()
    took = monotonic() - began
    await site.site.start()
    return took, code


def goodbyes(site: Scene) -> list[tuple[float, set[int]]]:
    """For each fault: the seconds over which the listeners were closed, and with which codes."""
    ends: list[dict[str, tuple[float, int]]] = []
    for row in site.rows:
        if row["what"] == "fault":
            ends.append({})
        elif row["what"] == "closed" and ends:
            ends[-1].setdefault(row["who"], (row["at"], row["code"]))
    found = []
    for end in ends:
        moments = [at for at, _code in end.values()]
        found.append((max(moments) - min(moments), {code for _at, code in end.values()}))
    return found

"""The server's clock a day forward, then five seconds back, in the middle of writes."""

from pathlib import Path

from bench.faults.calls import Caller
from bench.faults.experiment import Result
from bench.faults.orders import give
from bench.faults.scene import Scene, scene
from tests.servers.faketime import find_faketime

DAY = 86_400
JUMPS = {"a day forward": DAY, "five seconds back": DAY - 5}


async def clock(folder: Path, times: int, writers: int = 20, listeners: int = 12) -> Result:
    """Jump so many times, a day further each time."""
    library = find_faketime()
    assert library, "libfaketime is not installed: python -m tests.servers"
    offset = folder / "offset"
    offset.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    async with scene(folder, environment=environment) as site:
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        await give(site.url, "expire", "emil", "12")
        before = [await signed_in(site, who) for who in ("alice", "emil")]
        # A retry a day later by the server's clock is a new write: that is what its key promises.
        site.write(writers, echoes=0.0)
        for day in range(times):
            for jump, seconds in JUMPS.items():
                await site.until_writes_fly(more=writers)
                site.fault(f"clock {jump}")
                offset.write_text(f"+{day * DAY + seconds}\n")
        await site.until_writes_fly(more=2 * writers)
        after = [await signed_in(site, who) for who in ("alice", "emil")]
        result = Result(await site.finish())
    result.expect(
        before == [True, True] and after == [True, False],
        "a session of a month holds, one of twelve hours has ended",
    )
    cut = [row for row in site.rows if row["what"] in ("closed", "ended", "unanswered", "refused")]
    result.expect(not cut, f"{len(cut)} connections or writes ended by it")
    return result


async def signed_in(site: Scene, who: str) -> bool:
    """Whether a member's session is worth something."""
    caller = Caller(site.site.address, {"Cookie": f"relais={site.stage.cookies[who]}"})
    try:
        return (await caller.request("GET", "/session/current.json")).status == 200
    finally:
        caller.close()

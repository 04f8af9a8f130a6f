"""SQLite's file locked by another process, for so long that writers wait, and that they cannot."""

import asyncio
from pathlib import Path

from bench.faults.experiment import Result
from bench.faults.meters import Pulse, now, pulse, refused, waits
from bench.faults.processes import put_an_end, python
from bench.faults.scene import Scene, scene

PULSE_MS = 100.0
# A writer waits so long for whoever locks the file, and before that for its turn, no longer.
PATIENCE_SECONDS = 5.0
ANSWER_SECONDS = 2 * PATIENCE_SECONDS + 2
LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
database.execute("COMMIT")
print("free", flush=True)
time.sleep(60)
"""

# When it began, when it was over, when everyone who had waited had been answered.
Hold = tuple[float, float, float]


async def locked(folder: Path, seconds: tuple[float, ...], writers: int = 20, listeners: int = 8) -> Result:
    """Lock the file for each of these times in turn."""
    async with scene(folder) as site, pulse(site.site.address, folder) as beat:
        await site.listen(listeners)
        site.write(writers, heed=True)
        holds = [await _hold(site, length) for length in seconds]
        result = Result(await site.finish())
        for length, hold in zip(seconds, holds, strict=True):
            _judge(result, site, beat, length, hold)
    return result


async def _hold(site: Scene, length: float) -> Hold:
    """Lock from another process, and wait until it is over and everyone writes again."""
    await site.until_writes_fly(more=20)
    path = str(site.folder / "relais.sqlite3")
    process = await python("-c", LOCK, path, str(length), stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"locked\n"
        site.fault(f"locked {length:g} s")
        began = now()
        assert await process.stdout.readline() == b"free\n"
        ended = now()
    finally:
        await put_an_end(process)
    await site.until_writes_fly(more=2 * len(site.writers))
    return began, ended, now()


def _judge(result: Result, site: Scene, beat: Pulse, length: float, hold: Hold) -> None:
    began, ended, settled = hold
    no = refused(site.rows, began, settled)
    longest = max(waits(site.rows, began, settled), default=0.0)
    ms = beat.p99(began, ended)
    name = f"locked {length:g} s"
    result.within(ms, PULSE_MS, f"{name}: /healthz p99 {ms:.0f} ms (≤ 100)")
    if length < PATIENCE_SECONDS:
        result.expect(not no, f"{name}: no write refused, the longest waited {longest:.1f} s")
        return
    clear = [row for row in no if row["status"] == 503 and row["retry_after"]]
    result.expect(len(clear) == len(no), f"{name}: {len(clear)} of {len(no)} refusals are 503 + Retry-After")
    if length > PATIENCE_SECONDS:
        result.expect(bool(no), f"{name}: writes are refused")
        result.within(
            longest, ANSWER_SECONDS, f"{name}: the longest waited {longest:.1f} s for its answer (≤ 12)"
        )

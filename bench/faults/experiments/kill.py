"""`kill -9` in the middle of writes, again and again."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.faults.experiment import Result
from bench.faults.scene import Scene, scene

UP_SECONDS = 2.0
FEW = 40


async def kill(folder: Path, kills: int, writers: int = 50, listeners: int = 12) -> Result:
    """Kill the server at no moment in particular, look whether the file is whole, and start it again."""
    async with scene(folder) as site:
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        site.write(writers)
        broken, starts = [], []
        for n in range(kills):
            await site.until_writes_fly(more=FEW)
            site.fault("kill -9")
            await site.site.kill()
            if (word := integrity(site, folder)) != "ok":
                broken.append(f"kill {n}: {word}")
            starts.append(await site.site.start())
        await site.until_writes_fly(more=FEW)
        result = Result(await site.finish())
        result.expect_answers(site.rows)
    result.wrong += broken
    result.seen.append(f"integrity_check ok {kills - len(broken)}/{kills}")
    result.within(median(starts), UP_SECONDS, f"up again in {median(starts):.1f} s (median; ≤ 2)")
    return result


def integrity(site: Scene, folder: Path) -> str:
    """SQLite's own judgement, on a copy: the log beside the file is for the site itself to recover."""
    copy = folder / "copy.sqlite3"
    for ending in ("", "-wal"):
        source = site.folder / f"relais.sqlite3{ending}"
        target = copy.with_name(copy.name + ending)
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)
    copy.with_name(copy.name + "-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(copy)) as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])

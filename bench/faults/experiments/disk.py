"""The disk full, and space again."""

from pathlib import Path

from bench.faults.disks import Disk, FileLimit, small_disk
from bench.faults.experiment import Result
from bench.faults.meters import Reads, reading, refused
from bench.faults.scene import Scene, scene
from bench.faults.waiting import until

BACK_SECONDS = 5.0
CLEAR = (503, 507)


async def disk_full(folder: Path, times: int, writers: int = 20, listeners: int = 8) -> Result:
    """Fill the small disk that everything lies on, and make space again."""
    with small_disk(folder / "site") as disk:
        return await _run(folder, disk, times, writers, listeners)


async def file_limit(folder: Path, times: int, writers: int = 20, listeners: int = 8) -> Result:
    """Let the server's files grow no further, and then grow again."""
    return await _run(folder, FileLimit(folder / "site"), times, writers, listeners)


async def _run(folder: Path, disk: Disk, times: int, writers: int, listeners: int) -> Result:
    async with scene(folder) as site:
        await site.listen(listeners)
        site.write(writers, size=1500)
        paths = (f"/t/{site.stage.topics[0]}.json", "/latest")
        async with reading(site.site.address, paths) as reads:
            back = [await _fill_and_empty(site, disk, reads) for _n in range(times)]
        result = Result(await site.finish())
    _judge(result, site, reads, back)
    return result


async def _fill_and_empty(site: Scene, disk: Disk, reads: Reads) -> float:
    """Once; the seconds until everyone could write again."""
    await site.until_writes_fly(more=20)
    told = [writer.refusals for writer in site.writers]
    site.fault("disk full")
    disk.fill(site.site.pid)
    await until(
        lambda: all(writer.refusals > before for writer, before in zip(site.writers, told, strict=True)),
        60, "a refusal for everyone",
    )  # fmt: skip
    await reads.some_more()
    disk.empty(site.site.pid)
    done = [writer.acknowledged for writer in site.writers]
    return await until(
        lambda: all(writer.acknowledged > before for writer, before in zip(site.writers, done, strict=True)),
        60, "a write for everyone",
    )  # fmt: skip


def _judge(result: Result, site: Scene, reads: Reads, back: list[float]) -> None:
    no = refused(site.rows)
    kinds = {row["status"]: row["words"] for row in no}
    clear = sum(row["status"] in CLEAR and bool(row["retry_after"]) for row in no)
    result.expect(clear == len(no), f"{clear} of {len(no)} refusals are 503 + Retry-After{_others(kinds)}")
    failed = "".join(f"; {failure}" for failure in reads.failed[:3])
    result.expect(not failed, f"{len(reads.failed)} of {reads.count} reads failed meanwhile{failed}")
    latest = max(back)
    result.within(latest, BACK_SECONDS, f"everyone writes {latest:.1f} s after there is space (≤ 5)")


def _others(kinds: dict[int, str]) -> str:
    return "".join(f"; {status}: {words}" for status, words in kinds.items() if status not in CLEAR)

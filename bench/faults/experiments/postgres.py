"""PostgreSQL shot (`-m immediate`) and started again under writers, fsync on."""

from pathlib import Path

from bench.faults.crew import crew
from bench.faults.experiment import Result
from bench.faults.scene import Scene

ERROR_SECONDS = 5.0


async def postgres(folder: Path, times: int, writers: int = 50, listeners: int = 12) -> Result:
    """Shoot it so many times."""
    async with crew(folder) as all_of_it:
        site = all_of_it.site
        await site.listen(listeners)
        await site.listen_as("alice", [f"topic:{topic}" for topic in site.stage.topics])
        site.write(writers)
        for _n in range(times):
            await site.until_writes_fly(more=2 * writers)
            site.fault("PostgreSQL restarted immediately")
            all_of_it.postgres.shoot()
            await all_of_it.postgres.start_again()
            await site.until_writes_fly(more=2 * writers)
        result = Result(await site.finish())
        result.expect_answers(site.rows)
    longest = max(error_windows(site))
    result.within(longest, ERROR_SECONDS, f"errors for {longest:.1f} s at the longest (≤ 5)")
    kinds = {row.get("status", "no answer") for row in site.rows if row["what"] in ("refused", "unanswered")}
    names = ", ".join(sorted(map(str, kinds)))
    result.expect(kinds <= {503, "no answer"}, f"what came instead of answers: {names}")
    return result


def error_windows(site: Scene) -> list[float]:
    """For each fault, the seconds until the last error before the next one."""
    spans: list[list[float]] = []
    for row in site.rows:
        if row["what"] == "fault":
            spans.append([row["at"], row["at"]])
        elif spans and row["what"] in ("refused", "unanswered"):
            spans[-1][1] = row["at"]
    return [last - first for first, last in spans]

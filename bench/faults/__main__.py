"""`python -m bench.faults [--short] [NAME…]`: run them all, or those; say what was seen.

Whole runs go into the table of `bench/README.md`.
"""

import asyncio
import os
import sys
import tempfile
import traceback
from pathlib import Path
from time import monotonic

from bench.faults.experiment import Experiment, Result
from bench.faults.experiments import ALL
from bench.faults.figures import FIVE, Figures
from bench.faults.table import keep
from realtime.server import allow_many_files


async def main(arguments: list[str]) -> int:
    """The exit code: 0 when every one is clean."""
    short = "--short" in arguments
    names = [argument for argument in arguments if not argument.startswith("-")]
    failed = 0
    for experiment in ALL:
        if not names or experiment.name in names:
            failed += bool((await run(experiment, short)).faults())
    return 1 if failed else 0


async def run(experiment: Experiment, short: bool) -> Result:
    """Run one in a folder of its own, and tell."""
    began, load = monotonic(), round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="relais-faults-") as folder:
        try:
            result = await experiment(Path(folder), short)
        except Exception as error:
            traceback.print_exc()
            result = Result(Figures(), wrong=[f"it came to no end: {error!r}"])
    seconds = monotonic() - began
    tell(experiment, result, seconds)
    if not short:
        keep(experiment, result, seconds, load)
    return result


def tell(experiment: Experiment, result: Result, seconds: float) -> None:
    """Say what was seen, at once."""
    figures = result.figures
    print(f"{experiment.name}: {'FAILED' if result.faults() else 'clean'} in {seconds:.0f} s")
    print("  " + ", ".join(f"{name} {getattr(figures, name)}" for name in FIVE))
    print(
        f"  {figures.acknowledged} writes acknowledged; on the wire at {figures.counted} of {figures.faults} "
        f"faults: {figures.answered} answered, {figures.unanswered} not; "
        f"{figures.heard} events heard, {figures.refreshes} refreshes"
    )
    for line in result.seen:
        print(f"  {line}")
    for line in result.faults():
        print(f"  ! {line}")
    sys.stdout.flush()


if __name__ == "__main__":
    allow_many_files()
    sys.exit(asyncio.run(main(sys.argv[1:])))

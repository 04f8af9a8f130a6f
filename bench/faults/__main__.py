"""`python -m bench.faults [--short] [NAME…]`: run them all, or those; say what was seen."""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from bench.faults.experiment import Experiment, Result
from bench.faults.experiments import ALL
from bench.faults.figures import FIVE
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
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="relais-faults-") as folder:
        result = await experiment(Path(folder), short)
    figures = result.figures
    print(f"{experiment.name}: {'FAILED' if result.faults() else 'clean'} in {monotonic() - began:.0f} s")
    print("  " + ", ".join(f"{name} {getattr(figures, name)}" for name in FIVE))
    print(f"  {figures}")
    for line in result.seen:
        print(f"  {line}")
    for line in result.faults():
        print(f"  ! {line}")
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    allow_many_files()
    sys.exit(asyncio.run(main(sys.argv[1:])))

"""`python -m bench.load [idle] [steady] [channel] [resume] [--minutes N] [--sockets N]`.

A run with the usual numbers goes into the table of `bench/README.md`.
"""

import argparse
import os
import tempfile
from pathlib import Path

from bench.load.channel import channel
from bench.load.idle import idle
from bench.load.lines import Line
from bench.load.resume import resume
from bench.load.steady import steady
from bench.load.table import keep
from realtime.server import allow_many_files

SCENARIOS = {"idle": idle, "channel": channel, "resume": resume, "steady": steady}


def main() -> int:
    """Run those that are named, or all; 0 when every budget is kept."""
    asked = argparse.ArgumentParser(prog="python -m bench.load")
    asked.add_argument("names", nargs="*", choices=[*SCENARIOS, []])
    asked.add_argument("--minutes", type=float, help="of `steady` (10)")
    asked.add_argument("--sockets", type=int, help="of `idle`, `steady`, `resume`")
    options = asked.parse_args()
    failed = 0
    for name in options.names or SCENARIOS:
        failed += any(not line.kept for line in run(name, options.minutes, options.sockets))
    return 1 if failed else 0


def run(name: str, minutes: float | None, sockets: int | None) -> list[Line]:
    """One, in a folder of its own."""
    wishes = {"minutes": minutes} if minutes and name == "steady" else {}
    if sockets and name != "channel":
        wishes["sockets"] = sockets
    load = f"{os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory(prefix="relais-load-") as folder:
        lines = SCENARIOS[name](Path(folder), **wishes)
    for line in lines:
        print(f"{name}: {line.text()}", flush=True)
    if not wishes:
        keep(name, lines, load)
    return lines


if __name__ == "__main__":
    allow_many_files()
    raise SystemExit(main())

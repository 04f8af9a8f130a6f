"""`python -m bench.faults.pulse ADDRESS FILE`: asks /healthz fifty times a second, from a process of its own.

One line a question: the moment (monotonic clock), the milliseconds, the status (0: none).
"""

import asyncio
import sys
from pathlib import Path
from time import monotonic

from bench.faults.calls import Caller, Unanswered

EVERY_SECONDS = 0.02
GIVEN_UP_SECONDS = 10.0


async def main(address: str, file: str) -> None:
    """Ask until killed."""
    caller = Caller(address)
    with Path(file).open("a", buffering=1) as output:
        while True:
            began = monotonic()
            try:
                status = (await caller.request("GET", "/healthz", seconds=GIVEN_UP_SECONDS)).status
            except Unanswered:
                status = 0
            took = monotonic() - began
            output.write(f"{began:.4f} {1000 * took:.2f} {status}\n")
            await asyncio.sleep(max(0.0, EVERY_SECONDS - took))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

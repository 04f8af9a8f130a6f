"""Listeners in a process of their own, which can be frozen.

    python -m bench.faults.crowd ADDRESS DATABASE JOURNAL COUNT CHANNEL…

It says "listening" when all do; on SIGTERM they come to rest, and it ends.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bench.faults.journal import Journal
from bench.faults.listeners import Listener
from bench.faults.rest import come_to_rest
from bench.faults.waiting import until

LISTEN_SECONDS = 30.0


async def main(address: str, url: str, file: str, count: str, *channels: str) -> None:
    """Listen until told to end."""
    journal, told = Journal(Path(file)), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    names = [f"crowd{os.getpid()}-{n}" for n in range(int(count))]
    listeners = [Listener(name, address, channels, journal, patches=True) for name in names]
    tasks = [asyncio.create_task(listener.run()) for listener in listeners]
    await until(lambda: all(listener.listening for listener in listeners), LISTEN_SECONDS, "listening")
    print("listening", flush=True)
    await told.wait()
    await come_to_rest(listeners, url, journal)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

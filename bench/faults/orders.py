"""What others change from processes of their own: the site's commands, and what no command does.

python -m bench.faults.orders DATABASE_URL expire USERNAME HOURS    sessions that end in so many hours
python -m bench.faults.orders DATABASE_URL age CHANNEL NUMBER       events up to this one are 30 days old
"""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from bench.faults.processes import put_an_end, python
from forum.accounts.models import Session, User
from forum.clock import now
from forum.database import close_database, open_database
from realtime import log
from realtime.models import LiveEvent

COMMAND_SECONDS = 60.0


async def expire(username: str, hours: str) -> None:
    """A member's sessions come to their end soon."""
    user = await User.get(username_lower=username)
    async with log.transaction():
        await Session.filter(user_id=user.id).update(expires_at=now() + timedelta(hours=float(hours)))


async def age(channel: str, number: str) -> None:
    """A channel's events up to this one are long past."""
    async with log.transaction():
        past = LiveEvent.filter(channel=channel, number__lte=int(number))
        await past.update(created_at=now() - timedelta(days=30))


ORDERS = {"expire": expire, "age": age}


async def main(url: str, order: str, *arguments: str) -> None:
    """Obey one order."""
    await open_database(url)
    try:
        await ORDERS[order](*arguments)
    finally:
        await close_database()


async def give(url: str, order: str, *arguments: str) -> None:
    """From the harness: have an order obeyed."""
    await _run("-m", "bench.faults.orders", url, order, *arguments)


async def command(folder: Path, url: str, *arguments: str) -> None:
    """From the harness: run one of the site's own commands (`relais …`)."""
    settings = {"RELAIS_DATA": str(folder), "RELAIS_DATABASE_URL": url, "RELAIS_ENV": os.devnull}
    await _run("-m", "forum", *arguments, **settings)


async def _run(*words: str, **settings: str) -> None:
    process = await python(*words, env={**os.environ, **settings}, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            assert await process.wait() == 0, words
    finally:
        await put_an_end(process)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

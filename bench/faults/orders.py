"""What a command or another worker changes, from a process of its own, through the product's own functions.

    python -m bench.faults.orders DATABASE_URL leave GROUP USERNAME     a member leaves a group
    python -m bench.faults.orders DATABASE_URL sign-out USERNAME        a member's sessions are closed
    python -m bench.faults.orders DATABASE_URL suspend USERNAME         an account is suspended for a week
    python -m bench.faults.orders DATABASE_URL expire USERNAME HOURS    sessions that end in so many hours
    python -m bench.faults.orders DATABASE_URL age CHANNEL NUMBER       events up to this one are 30 days old

It says "done" once that is committed.
"""

import asyncio
import sys
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from bench.faults.processes import put_an_end, python
from forum.accounts.models import Session, User
from forum.accounts.sessions import close_session
from forum.categories.actions import touch_site
from forum.clock import now
from forum.database import close_database, open_database
from realtime import log
from realtime.models import LiveEvent
from realtime.sql import sql

# Where changes of rights are told to the hubs; a version without it finds out by itself or not at all.
RIGHTS = import_module("realtime.rights") if find_spec("realtime.rights") else None


async def leave(group: str, username: str) -> None:
    """A member is taken out of a group."""
    user = await _member(username)
    async with log.transaction() as record:
        await sql(
            """DELETE FROM group_users WHERE user_id = {0}
                AND group_id = (SELECT id FROM groups WHERE name = {1})""",
            user.id,
            group,
        )
        await touch_site()
        if RIGHTS:
            RIGHTS.user_changed(record, str(user.id))


async def sign_out(username: str) -> None:
    """All sessions of a member are closed."""
    user = await _member(username)
    for session in await Session.filter(user_id=user.id):
        await close_session(session.id)


async def suspend(username: str) -> None:
    """An account is suspended."""
    user = await _member(username)
    async with log.transaction() as record:
        await User.filter(id=user.id).update(suspended_until=now() + timedelta(days=7))
        if RIGHTS:
            RIGHTS.user_stopped(record, str(user.id))


async def expire(username: str, hours: str) -> None:
    """A member's sessions come to their end soon."""
    user = await _member(username)
    async with log.transaction():
        await Session.filter(user_id=user.id).update(expires_at=now() + timedelta(hours=float(hours)))


async def age(channel: str, number: str) -> None:
    """A channel's events up to this one are long past."""
    async with log.transaction():
        past = LiveEvent.filter(channel=channel, number__lte=int(number))
        await past.update(created_at=now() - timedelta(days=30))


async def _member(username: str) -> User:
    return await User.get(username_lower=username)


ORDERS = {"leave": leave, "sign-out": sign_out, "suspend": suspend, "expire": expire, "age": age}


async def main(url: str, order: str, *arguments: str) -> None:
    """Obey one order."""
    await open_database(url)
    try:
        await ORDERS[order](*arguments)
        print("done", flush=True)
    finally:
        await close_database()


async def give(url: str, order: str, *arguments: str) -> None:
    """From the harness: have an order obeyed; returns as soon as it is committed."""
    words = ("-m", "bench.faults.orders", url, order, *arguments)
    process = await python(*words, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"done\n", order
    finally:
        await put_an_end(process)


async def command(folder: Path, url: str, *arguments: str) -> None:
    """From the harness: run one of the site's own commands (`relais …`) to its end."""
    environment = {"RELAIS_DATA": str(folder), "RELAIS_DATABASE_URL": url, "RELAIS_ENV": "/dev/null"}
    process = await python("-m", "forum", *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(60):
            assert await process.wait() == 0, arguments
    finally:
        await put_an_end(process)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""The story of a restore: what is a client told that heard what the copy does not know?"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from forum.app import create_app
from forum.config import read_config
from forum.database import close_database, open_database
from realtime import log, place
from tests.realtime.events import tell
from tests.realtime.test_live import Socket, live
from tests.servers.site import running_site

CHANNEL = "latest"


@asynccontextmanager
async def a_site(url: str, folder: Path) -> AsyncIterator[str]:
    """A site on this database, from its start to its stop."""
    environment = {"RELAIS_DATA": str(folder), "RELAIS_DATABASE_URL": url, "RELAIS_ENV": os.devnull}
    async with running_site(create_app(read_config(environment))) as address:
        yield address


async def come_back(address: str, seen: log.Head) -> dict[str, Any]:
    """What a client is told that comes back with what it saw last."""
    async with live(address) as socket:
        client = Socket(socket)
        await client.ask("connect", data={"patches": False})
        answer = await client.ask(
            "subscribe", channel=CHANNEL, recover=True, offset=seen.offset, epoch=seen.epoch
        )
    subscribed: dict[str, Any] = answer["subscribe"]
    return subscribed


async def a_restore(
    url: str, folder: Path, save: Callable[[], Any], put_back: Callable[[], Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A site is saved, goes on, and is put back.

    Returns:
        What a client is told that had heard what is lost; and one that comes back after a mere restart.
    """
    async with a_site(url, folder):
        await tell(CHANNEL, 3)
        await asyncio.to_thread(save)
        await tell(CHANNEL, 4)
        seen = await log.head(CHANNEL)
    await asyncio.to_thread(put_back)
    async with a_site(url, folder) as address:
        assert (await log.head(CHANNEL)).offset == 3, "the copy is back"
        await tell(CHANNEL, 9)
        after_restore = await come_back(address, seen)
        seen = await log.head(CHANNEL)
    async with a_site(url, folder) as address:
        await tell(CHANNEL, 2)
        after_restart = await come_back(address, seen)
    return after_restore, after_restart


def says_refresh(answer: dict[str, Any]) -> bool:
    return not answer["recovered"] and not answer.get("publications") and answer["offset"] == 12


def says_what_was_missed(answer: dict[str, Any]) -> bool:
    return bool(answer["recovered"]) and [pub["offset"] for pub in answer["publications"]] == [13, 14]


async def settled(url: str) -> bool:
    """Whether a program that opens this database finds that it was moved."""
    await open_database(url)
    try:
        return await place.settle()
    finally:
        await close_database()

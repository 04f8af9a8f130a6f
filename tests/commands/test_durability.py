"""`kill -9` in the middle of writes: what was acknowledged is there, once; the site starts again."""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

import pytest
from httpx2 import AsyncClient, HTTPError

from forum.database import close_database, migrate, open_database
from tests.cast import gather_cast
from tests.factories import a_question
from tests.waiting import until

KILLS = 4
WRITERS = 12


class Site:
    """A server process of its own, started again and again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, ""

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "forum", "serve", "--port", "0",
            env={**os.environ, "RELAIS_DATA": str(self.folder), "RELAIS_LOG": "error"},
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stderr is not None
        line = ""
        while "http://" not in line:
            line = (await self.process.stderr.readline()).decode()
            assert line, "the server did not start"
        self.address = line[line.index("http://") :].strip()

    async def kill(self, how: int) -> None:
        self.process.send_signal(how)
        await self.process.wait()


@pytest.mark.servers
@pytest.mark.timeout(180)
async def test_every_acknowledged_reply_survives_kill_9_and_no_retry_doubles_one(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'relais.sqlite3'}"
    topic_id, key = await _prepare(url)
    site, acknowledged, sent = Site(tmp_path), {}, 0

    async def write(address: str, stop: asyncio.Event, writer: int) -> None:
        nonlocal sent
        headers = {"Api-Key": key, "Api-Username": "bob"}
        async with AsyncClient(base_url=address, headers=headers, timeout=10) as client:
            while not stop.is_set():
                sent += 1
                words = f"writer {writer} reply {sent}"
                await _until_acknowledged(client, topic_id, words, acknowledged, stop)

    for _kill in range(KILLS):
        await site.start()
        before, stop = len(acknowledged), asyncio.Event()
        writers = [asyncio.create_task(write(site.address, stop, n)) for n in range(WRITERS)]
        await until(lambda before=before: len(acknowledged) > before + 30, 30)
        await site.kill(signal.SIGKILL)
        stop.set()
        await asyncio.gather(*writers)
    await _retry_everything(site, topic_id, key, acknowledged)
    with sqlite3.connect(tmp_path / "relais.sqlite3") as database:
        stored = [row[0] for row in database.execute("SELECT raw FROM posts WHERE post_number > 1")]
        numbers = [row[0] for row in database.execute("SELECT post_number FROM posts ORDER BY post_number")]
        events = database.execute(
            "SELECT COUNT(*), MAX(number) FROM live_events WHERE channel = ?", (f"topic:{topic_id}",)
        ).fetchone()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) > KILLS * 30
    assert set(acknowledged) <= set(stored), "an acknowledged reply is lost"
    assert len(stored) == len(set(stored)), "a reply is doubled"
    assert numbers == list(range(1, len(numbers) + 1))
    assert events == (len(numbers), len(numbers))


async def _prepare(url: str) -> tuple[int, str]:
    from forum.api.keys import create_key

    await migrate(url)
    await open_database(url)
    try:
        cast = await gather_cast()
        return (await a_question(cast)).id, await create_key(None, unlimited=True)
    finally:
        await close_database()


async def _until_acknowledged(
    client: AsyncClient, topic_id: int, words: str, acknowledged: dict[str, int], stop: asyncio.Event
) -> None:
    """Post, with a key of its own, so that it may be sent again after the restart."""
    try:
        answer = await client.post(
            "/posts.json", json={"topic_id": topic_id, "raw": words}, headers={"Idempotency-Key": words}
        )
    except HTTPError:
        stop.set()
        return
    assert answer.status_code == 200, answer.text
    acknowledged[words] = answer.json()["id"]


async def _retry_everything(site: Site, topic_id: int, key: str, acknowledged: dict[str, int]) -> None:
    """What was acknowledged, sent once more with the same key, is the same post."""
    await site.start()
    headers = {"Api-Key": key, "Api-Username": "bob"}
    async with AsyncClient(base_url=site.address, headers=headers, timeout=10) as client:
        for words, post_id in list(acknowledged.items())[-40:]:
            answer = await client.post(
                "/posts.json", json={"topic_id": topic_id, "raw": words}, headers={"Idempotency-Key": words}
            )
            assert answer.json()["id"] == post_id
    await site.kill(signal.SIGTERM)

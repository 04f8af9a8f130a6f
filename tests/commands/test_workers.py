"""`relais serve --workers 2` on PostgreSQL and Redis: two processes, one site."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from forum.api.keys import create_key
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.waiting import until

pytestmark = pytest.mark.postgres
PATIENCE = 30
FULL = 200  # readers, among whom each worker must have got some
POOLS = 8  # sockets that a worker may open by itself, to the database and to Redis


class Crew:
    """The parent process and its workers."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process, self.address = process, address

    def workers(self) -> set[int]:
        """The processes that serve: the parent's children."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in path.read_text().split()} if path.exists() else set()

    async def subscriptions(self) -> list[int]:
        """How many readers of topics each worker has, as either of them tells."""
        async with AsyncClient(base_url=self.address, timeout=PATIENCE) as program:
            text = (await program.get("/metrics")).text
        assert text.count("relais_redis_up{") in (1, 2)
        return [
            int(float(line.rpartition(" ")[2]))
            for line in text.splitlines()
            if line.startswith("relais_live_subscriptions{") and 'namespace="topic"' in line
        ]

    def sockets(self) -> list[int]:
        """How many sockets each worker holds."""
        return [
            sum("socket:" in os.readlink(fd) for fd in _descriptors(pid)) for pid in sorted(self.workers())
        ]

    async def readers(self, room: AsyncExitStack, channel: str) -> list[ClientConnection]:
        """Readers of a channel, until each worker has some: whoever is free takes the next one."""
        readers: list[ClientConnection] = []
        before = self.sockets()
        while len(readers) < FULL:
            some = await asyncio.gather(*(self.reader(channel) for _n in range(8)))
            for reader in some:
                readers.append(await room.enter_async_context(reader))
            gained = [now - then for now, then in zip(self.sockets(), before, strict=True)]
            if min(gained) > POOLS:
                return readers
        raise AssertionError(f"one worker takes all the readers: {gained}")

    async def reader(self, channel: str) -> ClientConnection:
        """Someone who listens to a channel, at one of the workers."""
        socket = await connect(
            self.address.replace("http", "ws") + "/connection/websocket", compression=None, ping_interval=None
        )
        await socket.send('{"id": 1, "connect": {}}')
        await socket.recv()
        await socket.send(json.dumps({"id": 2, "subscribe": {"channel": channel}}))
        assert "error" not in json.loads(await socket.recv())
        return socket


def _descriptors(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/fd").iterdir())


@pytest.fixture
async def crew(db: None, database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Crew]:
    """A site of two workers that answers."""
    environment = {
        **os.environ, "RELAIS_DATA": str(tmp_path), "RELAIS_DATABASE_URL": database_url,
        "RELAIS_REDIS_URL": redis_url, "RELAIS_ENV": os.devnull, "RELAIS_LOG": "info",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", "serve", "--port", "0", "--workers", "2",
        env=environment, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    line = await line_with(process.stderr, "http://")
    crew = Crew(process, line[line.index("http://") :].strip())
    await line_with(process.stderr, "workers are ready")
    drain = asyncio.create_task(process.stderr.read())
    yield crew
    if process.returncode is None:
        process.terminate()
    await process.wait()
    await drain


async def line_with(output: asyncio.StreamReader, words: str) -> str:
    """The next line that holds these words."""
    async with asyncio.timeout(PATIENCE):
        while line := (await output.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"it ended without saying {words!r}")


async def heard(socket: ClientConnection) -> list[int]:
    """The numbers of the posts that this reader hears, until nothing more has come for a moment."""
    numbers: list[int] = []
    async with asyncio.timeout(10):
        while not numbers:
            for line in str(await socket.recv()).split("\n"):
                push: dict[str, Any] = json.loads(line)
                if "push" in push:
                    numbers.append(push["push"]["pub"]["data"]["post_number"])
    return numbers


async def test_readers_at_both_workers_hear_what_is_posted_at_one(crew: Crew, cast: Cast) -> None:
    topic, key = await a_question(cast), await create_key("bob")
    async with AsyncExitStack() as room, AsyncClient(base_url=crew.address, timeout=10) as bob:
        readers = await crew.readers(room, f"topic:{topic.id}")
        for n in range(2, 6):
            answer = await bob.post(
                "/posts.json", json={"topic_id": topic.id, "raw": f"Reply {n} for everyone."},
                headers={"Api-Key": key, "Api-Username": "bob"},
            )  # fmt: skip
            assert answer.status_code == 200, answer.text
            assert await asyncio.gather(*map(heard, readers)) == [[n]] * len(readers)


async def test_any_worker_answers_for_all(crew: Crew, cast: Cast) -> None:
    topic = await a_question(cast)
    async with AsyncExitStack() as room:
        readers = await crew.readers(room, f"topic:{topic.id}")

        async def all_are_told() -> bool:
            return sum(await crew.subscriptions()) == len(readers)

        await until(all_are_told, PATIENCE)


async def test_readers_hear_what_a_command_of_another_process_writes(crew: Crew, cast: Cast) -> None:
    topic = await a_question(cast)
    async with AsyncExitStack() as room:
        readers = await crew.readers(room, f"topic:{topic.id}")
        await a_reply(cast, topic)
        assert await asyncio.gather(*map(heard, readers)) == [[2]] * len(readers)


async def test_a_worker_that_dies_is_replaced_and_the_others_readers_stay(crew: Crew, cast: Cast) -> None:
    topic = await a_question(cast)
    async with AsyncExitStack() as room:
        readers = await crew.readers(room, f"topic:{topic.id}")
        before = crew.workers()
        os.kill(min(before), signal.SIGKILL)
        await until(lambda: len(crew.workers() - before) == 1 and len(crew.workers()) == 2, PATIENCE)
        await a_reply(cast, topic)
        answers = await asyncio.gather(*map(heard, readers), return_exceptions=True)
        assert [2] in answers, "the readers of the other worker hear nothing"
        assert all(answer == [2] or isinstance(answer, ConnectionClosed) for answer in answers)


async def test_hangup_replaces_the_workers_without_refusing_anybody(crew: Crew, cast: Cast) -> None:
    before, statuses = crew.workers(), []
    crew.process.send_signal(signal.SIGHUP)

    async def renewed() -> bool:
        async with AsyncClient(base_url=crew.address, timeout=PATIENCE) as client:
            statuses.append((await client.get("/latest")).status_code)
        return len(crew.workers()) == 2 and not crew.workers() & before

    await until(renewed, 2 * PATIENCE)
    assert set(statuses) == {200}


async def test_told_to_stop_everyone_says_goodbye_and_ends(crew: Crew, cast: Cast) -> None:
    topic = await a_question(cast)
    async with AsyncExitStack() as room:
        readers = await crew.readers(room, f"topic:{topic.id}")
        before = crew.workers()
        crew.process.terminate()
        ends = await asyncio.gather(*(reader.wait_closed() for reader in readers), crew.process.wait())
        assert ends[-1] == 0
        assert {reader.close_code for reader in readers} == {3001}
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))


async def test_workers_do_not_outlive_a_parent_that_was_killed(crew: Crew) -> None:
    before = crew.workers()
    crew.process.kill()
    await until(lambda: not any(_runs(pid) for pid in before), PATIENCE)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""What changed is indexed whatever happens: killed halfway, or beside something that cannot be."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from forum.clock import now, set_clock
from forum.search import sources
from forum.search.asked import read_question
from forum.search.indexing import MAX_TRIES, RETRY_AFTER, index_all_pending, index_pending
from forum.search.queries import search
from forum.search.sources import EVERYWHERE, Document, Source, register
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question

POISONED = 7


async def _read(numbers: Sequence[int]) -> list[Document]:
    if POISONED in numbers:
        raise ValueError("this one cannot be read")
    return [Document(n, "", f"thing number{n}", EVERYWHERE) for n in numbers]


async def _none(last: int, most: int) -> list[int]:
    return []


@pytest.fixture
def things() -> Iterator[None]:
    """A slice whose things are found, but for one that breaks whatever reads it."""
    register(Source("thing", _read, _none, lambda viewer: "true"))
    yield
    del sources._sources["thing"]
    set_clock(None)


async def changed(*numbers: int) -> None:
    for number in numbers:
        await sql("INSERT INTO search_pending (kind, item_id) VALUES ('thing', {0})", number)


async def waiting() -> list[int]:
    return [row["item_id"] for row in await sql("SELECT item_id FROM search_pending ORDER BY id")]


async def test_what_cannot_be_indexed_is_logged_retried_a_few_times_and_stops_nobody(
    cast: Cast, things: None, caplog: pytest.LogCaptureFixture
) -> None:
    await index_all_pending()
    await changed(5, POISONED, 9)
    topic = await a_question(cast, title="Le canari voyageur")
    with caplog.at_level(logging.ERROR, logger="relais.search"):
        await index_all_pending()
    found = await search(await cast.eve(), read_question("canari"))
    assert [hit.topic.id for hit in found.topics] == [topic.id]
    kept = await sql("SELECT item_id FROM search_documents WHERE kind = 'thing' ORDER BY item_id")
    assert [row["item_id"] for row in kept] == [5, 9]
    assert await waiting() == [POISONED]
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (told.__dict__["kind"], told.__dict__["item"]) == ("thing", POISONED)

    # Nothing is tried again before its rest is over, and what else changes is not kept waiting.
    assert await index_pending() == 0
    begun = now()
    for tries in range(1, MAX_TRIES):
        assert await waiting() == [POISONED], tries
        later = begun + RETRY_AFTER * (tries * MAX_TRIES)
        set_clock(lambda later=later: later)
        await changed(20 + tries)
        await index_all_pending()
    assert await waiting() == []
    assert len(await sql("SELECT 1 FROM search_documents WHERE kind = 'thing'")) == 2 + MAX_TRIES - 1

    # Its next change begins anew.
    await changed(POISONED)
    await index_all_pending()
    assert (await sql("SELECT tries FROM search_pending"))[0]["tries"] == 1


async def test_whoever_is_stopped_in_the_midst_of_indexing_has_lost_nothing(cast: Cast) -> None:
    await index_all_pending()
    halfway = asyncio.Event()

    async def stuck(numbers: Sequence[int]) -> list[Document]:
        halfway.set()
        await asyncio.Event().wait()  # for ever
        return []

    register(Source("zzz", stuck, _none, lambda viewer: "true"))
    try:
        topic = await a_question(cast, title="Le canari voyageur")
        await sql("INSERT INTO search_pending (kind, item_id) VALUES ('zzz', 1)")
        task = asyncio.create_task(index_pending())
        await asyncio.wait_for(halfway.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    finally:
        del sources._sources["zzz"]
    assert not (await search(await cast.eve(), read_question("canari"))).topics
    await index_all_pending()
    found = await search(await cast.eve(), read_question("canari"))
    assert [hit.topic.id for hit in found.topics] == [topic.id]


KILLED = """
import asyncio, os, signal, sys
import forum.app
from forum.database import open_database, migrate
from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.categories.actions import create_category, touch_site
from forum.topics.actions import open_topic

async def main(url):
    await migrate(url)
    await open_database(url)
    await touch_site()
    user = await create_user("alice", "alice@example.org", None, name="Alice")
    theme = await create_category("Meals")
    alice = await viewer_of_id(user.id, "en")
    await open_topic(alice, theme.id, "question", "Le canari voyageur", "Un texte assez long.")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(sys.argv[1]))
"""
FOUND = """
import asyncio, sys
import forum.app
from forum.accounts.queries import a_visitor
from forum.database import close_database, open_database
from forum.search.asked import read_question
from forum.search.indexing import index_all_pending
from forum.search.queries import search

async def main(url):
    await open_database(url)
    await index_all_pending()
    print([hit.topic.title for hit in (await search(await a_visitor("en"), read_question("canari"))).topics])
    await close_database()

asyncio.run(main(sys.argv[1]))
"""


async def test_a_server_killed_between_the_writing_and_the_indexing_has_lost_nothing(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/relais.sqlite3"

    async def run(code: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, url, stdout=asyncio.subprocess.PIPE, env={**os.environ}
        )
        out, _nothing = await process.communicate()
        return process.returncode, out.decode()

    assert (await run(KILLED))[0] == -signal.SIGKILL
    assert await run(FOUND) == (0, "['Le canari voyageur']\n")

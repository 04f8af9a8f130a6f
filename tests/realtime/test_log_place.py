"""A copy that was put back is another log: every client is told to refresh, none misses anything unknowing.

The same database found again where it was, after a stop, a crash or a move of its bytes, stays the same log.
"""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from forum import retention
from forum.database import close_database, migrate, open_database
from forum.jobs import run_due
from realtime import log, place
from realtime.sql import sql
from tests.commands.test_cli import relais
from tests.realtime.events import tell
from tests.realtime.restoring import (
    CHANNEL,
    a_restore,
    come_back,
    says_refresh,
    says_what_was_missed,
    settled,
)
from tests.realtime.test_live import Socket, live

SETTLE = """
import asyncio, sys
from forum.database import open_database, close_database
from realtime import place
async def main(url):
    await open_database(url)
    try:
        for _time in range(20):
            assert not await place.settle()
    finally:
        await close_database()
asyncio.run(main(sys.argv[1]))
"""


# SQLite: what people do with a file


def without_its_journal(database: Path) -> None:
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def copied_over(copy: Path, database: Path) -> None:
    """`cp copy database`: the file keeps its inode and its birth."""
    without_its_journal(database)
    shutil.copyfile(copy, database)


def moved_over(copy: Path, database: Path) -> None:
    """`mv copy database`."""
    without_its_journal(database)
    copy.replace(database)


def removed_and_copied(copy: Path, database: Path) -> None:
    """`rm database; cp -p copy database`: the new file may well get the inode just freed."""
    without_its_journal(database)
    database.unlink()
    shutil.copy2(copy, database)


def written_through_sqlite(copy: Path, database: Path) -> None:
    """`sqlite3 database ".restore copy"`."""
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)


@pytest.mark.parametrize("put_back", [copied_over, moved_over, removed_and_copied, written_through_sqlite])
async def test_a_sqlite_file_put_back_is_another_log(
    tmp_path: Path, put_back: Callable[[Path, Path], None]
) -> None:
    database, copy = tmp_path / "relais.sqlite3", tmp_path / "copy"

    def save() -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", [str(copy)])

    await migrate(f"sqlite://{database}")
    lost, restarted = await a_restore(
        f"sqlite://{database}", tmp_path, save, lambda: put_back(copy, database)
    )
    assert says_refresh(lost), lost
    assert says_what_was_missed(restarted), restarted


async def test_a_whole_folder_put_back_is_another_log(tmp_path: Path) -> None:
    """`cp -a folder copy`, later `cp -a copy/. folder`: what lies beside the database comes back too."""
    folder, copy = tmp_path / "var", tmp_path / "copy"
    folder.mkdir()

    def put_back() -> None:
        without_its_journal(folder / "relais.sqlite3")
        shutil.copytree(copy, folder, dirs_exist_ok=True)

    await migrate(f"sqlite://{folder / 'relais.sqlite3'}")
    lost, restarted = await a_restore(
        f"sqlite://{folder / 'relais.sqlite3'}", folder, lambda: shutil.copytree(folder, copy), put_back
    )
    assert says_refresh(lost), lost
    assert says_what_was_missed(restarted), restarted


async def test_a_sqlite_copy_elsewhere_is_another_log_and_the_first_one_stays_itself(tmp_path: Path) -> None:
    database, copy = tmp_path / "relais.sqlite3", tmp_path / "copy.sqlite3"
    await migrate(f"sqlite://{database}")
    shutil.copyfile(database, copy)
    assert await settled(f"sqlite://{copy}"), "it was never here"
    assert not await settled(f"sqlite://{copy}")
    assert not await settled(f"sqlite://{database}")


async def test_one_small_file_lies_beside_the_database_however_often_it_moves(tmp_path: Path) -> None:
    database = tmp_path / "relais.sqlite3"
    await migrate(f"sqlite://{database}")
    for _time in range(3):
        await settled(f"sqlite://{database}")
    assert len(list(tmp_path.glob("relais.sqlite3.home-*"))) == 1


# Both databases


async def test_a_crash_is_not_a_restore(database_url: str) -> None:
    await settled(database_url)
    for _crash in range(3):
        await open_database(database_url)
        await place.settle()
        await tell("topic:1", 2)
        await close_database()  # without another word, as after `kill -9`
    await open_database(database_url)
    epoch = (await log.head("topic:1")).epoch
    assert not await place.settle()
    assert (await log.head("topic:1")).epoch == epoch
    await close_database()


async def test_several_programs_that_settle_at_once_agree(db: None, database_url: str) -> None:
    renewed = await asyncio.gather(*(place.settle() for _n in range(10)))
    assert sum(renewed) <= 1, "the first one at the most: the database is a copy of the tests' own"
    epoch = (await log.head("topic:1")).epoch
    others = [await asyncio.create_subprocess_exec(sys.executable, "-c", SETTLE, database_url) for _n in "ab"]
    for _time in range(20):
        assert not await place.settle()
    assert [await other.wait() for other in others] == [0, 0]
    assert (await log.head("topic:1")).epoch == epoch


async def test_a_database_that_never_said_where_it_is_is_another_log(db: None) -> None:
    """It may be a copy from before this version: pages refresh once."""
    await place.settle()
    await sql("UPDATE live_log SET place = NULL")
    before = (await log.head("topic:1")).epoch
    assert await place.settle()
    assert (await log.head("topic:1")).epoch != before
    assert not await place.settle()


async def test_an_open_page_is_told_when_the_log_is_renewed_by_hand(site: str, client: AsyncClient) -> None:
    seen = await log.head(CHANNEL)
    async with live(site) as socket:
        page = Socket(socket)
        await page.ask("connect")
        await page.ask("subscribe", channel=CHANNEL)
        assert await run_due("renew_log") == 1
        push = await page.next_push()
    assert push["unsubscribe"]["code"] == 2500
    assert not (await come_back(site, seen))["recovered"]


async def test_an_administrator_renews_the_log_by_name(db: None, database_url: str) -> None:
    before = (await log.head(CHANNEL)).epoch
    code, out, err = await relais("jobs", "run", "renew_log", RELAIS_DATABASE_URL=database_url)
    assert (code, out, err) == (0, "1 done.\n", "")
    assert (await log.head(CHANNEL)).epoch != before


async def test_the_job_notes_where_the_log_is_now(db: None) -> None:
    await retention.settle_log()
    before = (await sql("SELECT epoch FROM live_log"))[0]
    assert await run_due("settle_log") == 1
    assert (await sql("SELECT epoch FROM live_log"))[0] == before

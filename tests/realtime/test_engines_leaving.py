"""Opening and leaving: programs end, another database or loop is not mistaken for the first one."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from tortoise.warnings import TortoiseLoopSwitchWarning

from forum.accounts.models import User
from forum.database import close_database, migrate, open_database
from realtime.sql import sql
from tests.servers.databases import url_of

CRASH = """
import asyncio, sys
from forum.database import open_database
from realtime import log
from realtime.sql import sql
async def main(url, how):
    await open_database(url)
    await sql("INSERT INTO site (id, version) VALUES (7, 1)")
    async with log.transaction():
        await sql("INSERT INTO site (id, version) VALUES (8, 1)")
        if how == "error":
            raise RuntimeError("nobody closes the database")
        if how == "exit":
            sys.exit(3)
        asyncio.get_running_loop().stop()
        await asyncio.Event().wait()
asyncio.run(main(*sys.argv[1:]))
"""
COMMAND = """
import sys
from forum.cli import in_database
from forum.config import read_config
async def crash():
    raise RuntimeError("in a command")
in_database(read_config({"RELAIS_DATABASE_URL": sys.argv[1], "RELAIS_ENV": "/dev/null"}), crash)
"""


async def run(script: str, *words: str) -> int:
    """Run a program; its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *words, stderr=subprocess.DEVNULL
    )
    try:
        return await asyncio.wait_for(process.wait(), 30)
    except TimeoutError:
        process.kill()
        raise


@pytest.mark.parametrize(("how", "code"), [("error", 1), ("exit", 3), ("stopped loop", 1)])
async def test_a_program_that_crashes_with_an_open_database_ends(
    database_url: str, how: str, code: int
) -> None:
    """Elsewhere SQLite's threads keep it alive for ever."""
    assert await run(CRASH, database_url, how) == code
    await open_database(database_url)
    assert [row["id"] for row in await sql("SELECT id FROM site WHERE id > 6")] == [7]
    await close_database()


async def test_a_command_that_crashes_ends_with_an_error(database_url: str) -> None:
    assert await run(COMMAND, database_url) == 1


async def test_one_database_after_another_of_the_other_kind(tmp_path: Path, postgres_url: str) -> None:
    """Elsewhere the text of INSERTs made for the first is sent to the second (Tortoise's EXECUTOR_CACHE)."""
    administrator = await asyncpg.connect(postgres_url)
    await administrator.execute("CREATE DATABASE of_the_other_kind")
    await administrator.close()
    sqlite = f"sqlite://{tmp_path / 'relais.sqlite3'}"
    for url in (sqlite, url_of(postgres_url, "of_the_other_kind"), sqlite):
        await migrate(url)
        await open_database(url)
        try:
            name = f"someone{(await sql('SELECT COUNT(*) AS n FROM users'))[0]['n']}"
            await User.create(username=name, username_lower=name)
            assert (await User.get(username=name)).username_lower == name
        finally:
            await close_database()


async def test_a_database_used_from_another_loop_is_an_error(db: None) -> None:
    """Elsewhere Tortoise quietly opens another connection there, and leaves the first one behind."""
    with pytest.raises(TortoiseLoopSwitchWarning):
        await asyncio.to_thread(lambda: asyncio.run(sql("SELECT 1")))
    assert await sql("SELECT 1 AS one") == [{"one": 1}]

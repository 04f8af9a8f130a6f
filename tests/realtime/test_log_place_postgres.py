"""A PostgreSQL database put back by its own programs is another log."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.realtime.restoring import a_restore, says_refresh, says_what_was_missed, settled
from tests.servers.databases import url_of
from tests.servers.postgres import find_postgres


def program(name: str, *words: str) -> None:
    programs = find_postgres()
    assert programs is not None
    subprocess.run([f"{programs}/{name}", *words], check=True, capture_output=True)


async def order(url: str, *words: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in words:
            await connection.execute(statement)
    finally:
        await connection.close()


async def administer(url: str, *words: str) -> None:
    await order(url_of(url, "postgres"), *words)


def into_a_new_database(dump: Path, url: str) -> None:
    name = url.rpartition("/")[2]
    asyncio.run(administer(url, f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}"))
    program("pg_restore", "-d", url, str(dump))


def over_the_same_tables(dump: Path, url: str) -> None:
    program("pg_restore", "--clean", "--if-exists", "-d", url, str(dump))


def rows_alone(dump: Path, url: str) -> None:
    """The tables are emptied and filled again."""

    async def empty() -> None:
        connection = await asyncpg.connect(url)
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()
        # The journal's triggers refuse it, as `--disable-triggers` knows for the rows.
        without_triggers = "SET session_replication_role = replica"
        await order(url, without_triggers, f"TRUNCATE {', '.join(row['tablename'] for row in tables)}")

    asyncio.run(empty())
    program("pg_restore", "--data-only", "--disable-triggers", "-d", url, str(dump))


@pytest.mark.postgres
@pytest.mark.parametrize("put_back", [into_a_new_database, over_the_same_tables, rows_alone])
async def test_a_postgres_dump_put_back_is_another_log(
    database_url: str, tmp_path: Path, put_back: Callable[[Path, str], None]
) -> None:
    dump = tmp_path / "dump"
    lost, restarted = await a_restore(
        database_url,
        tmp_path,
        lambda: program("pg_dump", "-Fc", "-d", database_url, "-f", str(dump)),
        lambda: put_back(dump, database_url),
    )
    assert says_refresh(lost), lost
    assert says_what_was_missed(restarted), restarted


@pytest.mark.postgres
async def test_a_role_that_may_not_ask_about_the_cluster_still_knows_its_database(database_url: str) -> None:
    name = database_url.rpartition("/")[2]
    copy, role = f"{name}_copy", f"plain_{name}"
    await administer(database_url, f"CREATE ROLE {role} LOGIN")
    await order(
        database_url,
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
    )
    plain = database_url.replace("relais@", f"{role}@")
    await settled(plain)
    assert not await settled(plain)
    await administer(database_url, f"CREATE DATABASE {copy} TEMPLATE {name}")
    assert await settled(url_of(plain, copy))
    await administer(database_url, f"DROP DATABASE {copy}")
    await order(database_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")

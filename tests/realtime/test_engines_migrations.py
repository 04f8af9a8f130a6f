"""Migrations: one at a time, each whole, and nothing of what was there is lost."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.connection import connections
from tortoise.migrations import operations as ops
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.recorder import MigrationRecorder

from forum.database import APPS, close_database, migrate, open_database, pending_migrations
from realtime import log
from realtime.database import tortoise_config
from realtime.sql import CONNECTION, dialect, sql
from tests.realtime.events import kept
from tests.realtime.shapes import (
    Column,
    columns,
    contents,
    fill,
    foreign_keys,
    leading_columns,
    shape,
    tables,
)

FIRST = "0001_initial"
MIGRATE = "import asyncio, sys; from forum.database import migrate; asyncio.run(migrate(sys.argv[1]))"
# Tortoise makes the table anew for these on SQLite: its children's rows and its indexes go with the old one.
REMAKES = (ops.AlterField, ops.RemoveField)
# Nothing ever wrote anything of its own there.
DROPPED = {("site", "title")}
# Before migration 0030 only imports counted it.
RECOUNTED = {("topics", "like_count")}
# Nothing asks by these, and rows of members and of topics are never deleted: an index would slow each write.
UNASKED = {"posts.deleted_by_id", "topics.deleted_by_id", "topics.last_poster_id", "topic_aliases.topic_id"}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    await open_database(url)
    try:
        yield
    finally:
        await close_database()


async def migrate_to_first(url: str) -> None:
    """The database as the first version made it."""
    apps = tortoise_config(url, APPS)["apps"]
    async with opened(url):
        targets = [MigrationTarget(label, FIRST) for label in apps]
        await MigrationExecutor(connections.get(CONNECTION), apps).migrate(targets)


async def kept_columns(table: str) -> list[Column]:
    """Those that no later version has dropped or counted anew."""
    return [column for column in await columns(table) if (table, column.name) not in DROPPED | RECOUNTED]


async def shape_of(url: str) -> dict[tuple[str, str], str]:
    async with opened(url):
        return await shape()


async def test_two_that_migrate_a_new_database_at_once_wait_for_each_other(
    empty_url: str, database_url: str
) -> None:
    """Elsewhere one of them dies."""
    both = [await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, empty_url) for _n in "ab"]
    assert [await process.wait() for process in both] == [0, 0]
    assert await shape_of(empty_url) == await shape_of(database_url)


async def test_a_migrated_database_has_nothing_pending(db: None, database_url: str) -> None:
    assert await pending_migrations(database_url) == []


async def test_a_filled_database_of_the_first_version_comes_forward_whole(
    empty_url: str, database_url: str
) -> None:
    await migrate_to_first(empty_url)
    async with opened(empty_url):
        await fill(3)
        there = [(table, await kept_columns(table)) for table in await tables()]
        before = await contents(there)
    assert all(len(rows) == 3 for rows in before.values())
    await migrate(empty_url)
    async with opened(empty_url):
        after = await contents(there)
        epochs = [[row[1] for row in found.pop("live_log")] for found in (before, after)]
        assert after == before
        assert epochs[0][0] != epochs[1][0], "a database of before may be a copy put back: pages refresh once"
        if dialect() == "sqlite":
            assert await sql("PRAGMA foreign_key_check") == []
    assert await shape_of(empty_url) == await shape_of(database_url)


async def test_events_that_the_first_version_dropped_are_known_to_be_gone(empty_url: str) -> None:
    await migrate_to_first(empty_url)
    async with opened(empty_url):
        for name, kept_from, last in (("whole", 1, 3), ("trimmed", 3, 5), ("empty", 8, 7)):
            await sql("INSERT INTO live_channels (name, last_offset) VALUES ({0}, {1})", name, last)
            for number in range(kept_from, last + 1):
                await sql(
                    """INSERT INTO live_events (channel, number, kind, data, created_at)
                       VALUES ({0}, {1}, 'post.created', '{"n": 1}', CURRENT_TIMESTAMP)""",
                    name,
                    number,
                )
    await migrate(empty_url)
    async with opened(empty_url):
        assert [await kept(name) for name in ("whole", "trimmed", "empty")] == [[1, 2, 3], [3, 4, 5], []]
        assert (await log.head("empty")).offset == 7


@pytest.mark.timeout(300)  # it begins seven times
async def test_a_migration_killed_before_it_is_noted_can_be_run_again(
    empty_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere its tables are there, its note is not, and every later try finds the tables in its way."""
    note, noted = MigrationRecorder.record_applied, 0

    async def die_now_and_then(self: MigrationRecorder, app: str, name: str) -> None:
        nonlocal noted
        noted += 1
        if noted % 5 == 0:
            raise ConnectionError("killed")
        await note(self, app, name)

    monkeypatch.setattr(MigrationRecorder, "record_applied", die_now_and_then)
    for _try in range(20):
        try:
            await migrate(empty_url)
            break
        except ConnectionError:
            continue
    assert noted > 10, "killed at least twice"
    assert await shape_of(empty_url) == await shape_of(database_url)


async def operations(url: str) -> list[tuple[str, Any]]:
    """Every operation of every migration, with the name of the latter."""
    executor = MigrationExecutor(connections.get(CONNECTION), tortoise_config(url, APPS)["apps"])
    await executor.loader.build_graph()
    nodes = executor.loader.graph.nodes.items()
    return [
        (f"{key.app_label}.{key.name}", operation) for key, node in nodes for operation in node.operations
    ]


async def test_no_migration_has_tortoise_remake_a_table(db: None, database_url: str) -> None:
    found = await operations(database_url)
    assert len(found) > 20
    for name, operation in found:
        assert not isinstance(operation, REMAKES), f"{name}: {operation.describe()}"
        constraint = getattr(operation, "constraint", None)
        assert not isinstance(constraint, CheckConstraint), f"{name}: {operation.describe()}"
        assert not isinstance(operation, ops.RemoveConstraint), f"{name}: {operation.describe()}"


async def test_new_columns_suit_the_rows_that_are_there(db: None, database_url: str) -> None:
    """A default of Python's is none to the database: SQLite refuses the column, raw INSERTs forget it."""
    for name, operation in await operations(database_url):
        if isinstance(operation, ops.AddField):
            field: Any = operation.field
            assert field.null or field.has_db_default(), f"{name}: {operation.describe()}"


async def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    config = tortoise_config(database_url, APPS)
    async with await Tortoise.init(config=config, _enable_global_fallback=False) as context:
        assert context.apps is not None
        changes = await MigrationAutodetector(context.apps, config["apps"]).changes()
        assert [writer.app_label for writer in changes] == []


async def test_rows_that_refer_to_others_are_found_by_an_index(db: None) -> None:
    """Elsewhere nobody makes one, and each deletion reads whole tables."""
    missing = {
        f"{table}.{column}"
        for table in await tables()
        for column in set(await foreign_keys(table)) - await leading_columns(table)
    }
    assert missing == UNASKED

"""Bringing a database to this version's shape: one process at a time, each migration whole."""

import asyncio
import fcntl
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise.connection import connections
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.transactions import in_transaction

from realtime import place
from realtime.database import close_database, open_database, tortoise_config
from realtime.sql import CONNECTION

MIGRATION_LOCK = 7_302_571
# Never at all would need 400 MB for a new database, this 130.
RARELY = (100_000, 4, 4)


async def migrate(url: str, apps: Mapping[str, Mapping[str, Any]]) -> None:
    """Run the migrations that are missing; several processes at once wait for each other.

    Table remakes must not fire the cascades of foreign keys: on SQLite they are off meanwhile.
    """
    target = (
        url if url.startswith("postgres") else f"{url}{'&' if '?' in url else '?'}foreign_keys=OFF&readers=0"
    )
    config = tortoise_config(target, apps)
    async with _alone(url), _rare_collection():
        # Opened under the lock: a new SQLite file turned to WAL by two processes at once refuses one.
        await open_database(target, apps)
        try:
            if await pending_migrations(target, apps):
                await _run_all(config)
            await place.settle()
        finally:
            await close_database()


async def _run_all(config: dict[str, Any]) -> None:
    """One after the other; to put the models of them all together takes a tenth of a second."""
    first = _executor(config)
    # Makes the table where migrations are noted, and nothing else.
    await first.migrate([])
    done: _Executor | None = first
    while done is not None:
        done = await _run_next(config, done)


async def _run_next(config: dict[str, Any], before: "_Executor") -> "_Executor | None":
    """Run one migration and note it, in one transaction: killed between the two it could not be run again."""
    async with in_transaction(CONNECTION):
        executor = _executor(config)
        executor.models, executor.recorder = before.models, _Notes(executor.connection)
        plan = await executor.plan()
        if plan:
            step = plan[0].migration
            await executor.migrate([MigrationTarget(step.app_label, step.name)])
    return executor if plan else None


class _Executor(MigrationExecutor):
    """Goes on from the models as the migration before has left them: to make them anew takes as long as all
    migrations before."""

    models: State | None = None

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        if self.models is None:
            known = await super()._project_state(applied, upto=upto)
            self.models = _Models(known.models, known.apps)
        return self.models


class _Models(State):
    """Tortoise makes the models as they were before each operation, as classes of their own; few operations
    look at them. Here they are made when one does: a new database takes half the time."""

    def clone(self) -> State:
        """The models of this moment."""
        return _Before({key: model.clone() for key, model in self.models.items()}, self.apps)


class _Before(State):
    def __init__(self, models: dict[tuple[str, str], ModelState], of: StateApps) -> None:
        self.models, self._of = models, of

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        return self._of.clone(model_states=self.models)


class _Notes(MigrationRecorder):
    """The table is there; SQLite would end the transaction to make it again."""

    async def ensure_schema(self, schema_editor: Any) -> None:
        pass


async def pending_migrations(url: str, apps: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of the migrations that the open database has not had: read from folders, none is loaded."""
    done = set(await MigrationRecorder(connections.get(CONNECTION)).applied_migrations())
    there = [
        MigrationKey(label, step.name)
        for label, app in tortoise_config(url, apps)["apps"].items()
        for step in iter_modules(_folders(app["migrations"]))
    ]
    return [f"{step.app_label}.{step.name}" for step in there if step not in done]


def _folders(package: str) -> list[str]:
    found = find_spec(package)
    return list((found and found.submodule_search_locations) or ())


@asynccontextmanager
async def _rare_collection() -> AsyncIterator[None]:
    """Thousands of classes are made: to look for those that may go as often as usual takes as long again."""
    usual = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _executor(config: dict[str, Any]) -> _Executor:
    return _Executor(connections.get(CONNECTION), config["apps"])


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """One migration at a time: an advisory lock on PostgreSQL, a locked file beside SQLite's."""
    if url.startswith("postgres"):
        async with _advisory_lock(url):
            yield
        return
    path = Path(unquote(urlsplit(url).path) + ".migrating")
    file = await asyncio.to_thread(path.open, "w")
    try:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
    finally:
        file.close()


@asynccontextmanager
async def _advisory_lock(url: str) -> AsyncIterator[None]:
    import asyncpg

    connection = await asyncpg.connect(_plain(url))
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        yield
    finally:
        await connection.close()


def _plain(url: str) -> str:
    """The URL without what only our pool understands."""
    parts = urlsplit(url)
    kept = "&".join(part for part in parts.query.split("&") if part and not part.startswith("maxsize="))
    return parts._replace(query=kept).geturl()

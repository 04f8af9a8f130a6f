"""A fresh, migrated database for each test: a copy of one that was migrated once in this test run."""

import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import asyncpg

Migrate = Callable[[str], Awaitable[None]]


class Databases(Protocol):
    """Where fresh databases come from."""

    async def prepare(self, migrate: Migrate) -> None:
        """Make and migrate the template."""

    def fresh(self) -> AbstractAsyncContextManager[str]:
        """Copy the template, give the copy's URL; remove the copy at the end."""

    def empty(self) -> AbstractAsyncContextManager[str]:
        """The URL of a database that nobody has migrated; removed at the end."""


class SqliteDatabases:
    """Files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        self.numbers = itertools.count(1)

    async def prepare(self, migrate: Migrate) -> None:
        """Migrate the template, and leave it in one file, without a write-ahead log beside it."""
        await migrate(f"sqlite://{self.template}")
        with closing(sqlite3.connect(self.template)) as template:
            template.execute("PRAGMA journal_mode = DELETE")

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Copy the template's file."""
        async with self.empty() as url:
            shutil.copyfile(self.template, url.removeprefix("sqlite://"))
            yield url

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """A file that is not there yet."""
        path = self.template.with_name(f"test-{next(self.numbers)}.sqlite3")
        yield f"sqlite://{path}"
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()


class PostgresDatabases:
    """Databases of one cluster; copying a template there takes about 30 ms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.template = url_of(url, "template")
        self.numbers = itertools.count(1)

    async def prepare(self, migrate: Migrate) -> None:
        """Create and migrate the template; nobody may stay connected to it."""
        await self._order("CREATE DATABASE template")
        await migrate(self.template)

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Copy the template inside the cluster."""
        async with self._database("TEMPLATE template") as url:
            yield url

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """A database of the cluster without tables."""
        async with self._database() as url:
            yield url

    @asynccontextmanager
    async def _database(self, of: str = "") -> AsyncIterator[str]:
        name = f"test_{next(self.numbers)}"
        await self._order(f"CREATE DATABASE {name} {of}")
        yield url_of(self.url, name)
        await self._order(f"DROP DATABASE {name} WITH (FORCE)")

    async def _order(self, order: str) -> None:
        administrator = await asyncpg.connect(self.url)
        try:
            await administrator.execute(order)
        finally:
            await administrator.close()


def url_of(url: str, database: str) -> str:
    """The URL of another database of the same cluster."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()

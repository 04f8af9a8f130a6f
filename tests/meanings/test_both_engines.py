"""Where meanings are known, too, both engines answer every question with the same first ten.

Their answers are compared with each other and not with a file: what the model says differs a little from one
processor to the next. What words alone answer stands in `tests/relevance/test_tens.py`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from forum.clock import set_clock
from forum.database import close_database, migrate, open_database
from forum.meanings import queries
from forum.meanings.queries import Meanings, use_meanings
from tests.cast import gather_cast
from tests.meanings.conftest import Knowing
from tests.relevance.base import fill, pairs
from tests.relevance.tens import tens
from tests.servers.databases import Databases, PostgresDatabases, SqliteDatabases

SUBJECTS, QUESTIONS = "fourth.fr", 30


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time stands still, and no answer comes too late to count."""
    set_clock(lambda: datetime(2026, 11, 1, 9, tzinfo=UTC))
    monkeypatch.setattr(queries, "PATIENCE", 60.0)
    yield
    set_clock(None)


async def answered(databases: Databases) -> tuple[list[str], list[str]]:
    """The first ten of each question in a fresh database: by words and meanings, and by words alone."""
    EXECUTOR_CACHE.clear()  # Tortoise remembers the text of its statements, and not for which engine
    async with databases.empty() as url:
        await migrate(url)
        await open_database(url)
        meanings = Meanings()
        try:
            cast = await gather_cast()
            numbers, asked = await fill(cast, SUBJECTS), [one.typed for one in pairs(SUBJECTS)][:QUESTIONS]
            use_meanings(meanings)
            await Knowing(meanings).read()
            visitor = await cast.visitor()
            with_meanings = await tens(visitor, numbers, asked)
            use_meanings(None)
            return with_meanings, await tens(visitor, numbers, asked)
        finally:
            use_meanings(None)
            await meanings.stop()
            await close_database()
            EXECUTOR_CACHE.clear()


@pytest.mark.timeout(600)  # sixty topics are written and read, twice
async def test_the_first_ten_are_the_same_whichever_engine_answers(postgres_url: str, tmp_path: Path) -> None:
    in_sqlite, words_of_sqlite = await answered(SqliteDatabases(tmp_path))
    in_postgres, words_of_postgres = await answered(PostgresDatabases(postgres_url))
    assert in_sqlite == in_postgres
    assert words_of_sqlite == words_of_postgres
    changed = sum(one != other for one, other in zip(in_sqlite, words_of_sqlite, strict=True))
    assert changed > QUESTIONS / 2, "meanings had their say"

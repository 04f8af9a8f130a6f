"""Hand-written SQL, the same text for SQLite and PostgreSQL.

`await sql("SELECT title FROM topics WHERE id = {0}", 12)` runs in the transaction under way, if any,
else on its own (a read: on a reader). Placeholders are `{0}`, `{1}` …; one may stand twice.
`await at_once(read)` makes one journey of several reads.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from tortoise.context import require_context

CONNECTION = "default"
# Statements whose text is kept as each database takes it; some hold numbers, and are never seen again.
STATEMENTS = 2_000
PLACEHOLDER = re.compile(r"\{(\d+)\}")

Result = TypeVar("Result")


async def sql(query: str, *arguments: Any) -> list[dict[str, Any]]:
    """Run one statement; its rows (also those of RETURNING) as dicts.

    Raises:
        OperationalError, IntegrityError: Tortoise's, from either database.
    """
    client = _client()
    if client.capabilities.dialect == "sqlite":
        text, order = _for_sqlite(query)
        values = [arguments[n] for n in order]
    else:
        text, values = _for_postgres(query), list(arguments)
    rows: list[dict[str, Any]] = await client.execute_query_dict(text, values)
    return rows


async def at_once(read: Callable[[], Awaitable[Result]], *, brief: bool = False) -> Result:
    """Run a function that reads by several statements, and return its result.

    On SQLite all that it asks is of one moment, and makes one journey to a reader's thread instead of one a
    statement. So `read` may wait for `sql` only, and must leave alone what other threads change.

    Args:
        brief: it finds a few rows by their keys: on SQLite it is made without any journey.

    Raises:
        RuntimeError: it waited for something else. Or what `read` raises.
    """
    client = _client()
    result: Result = await client.read_at_once(read, brief)
    return result


def moment() -> object:
    """What stays equal as long as nothing is committed to the database, by whatever process.

    What was read after one stays true as long as the next is equal to it. On PostgreSQL, and within a
    transaction, no two are equal.
    """
    return _client().moment()


def _client() -> Any:
    """Tortoise's client of this task: a transaction, within one."""
    return require_context().connections.get(CONNECTION)


@lru_cache(STATEMENTS)
def _for_sqlite(query: str) -> tuple[str, tuple[int, ...]]:
    return PLACEHOLDER.sub("?", query), tuple(int(n) for n in PLACEHOLDER.findall(query))


@lru_cache(STATEMENTS)
def _for_postgres(query: str) -> str:
    return PLACEHOLDER.sub(lambda match: f"${int(match[1]) + 1}", query)


def places(first: int, count: int) -> str:
    """Placeholders in brackets, for a row or an `IN`: `({3}, {4})`; the text is the same for as many."""
    return "(" + ", ".join(f"{{{n}}}" for n in range(first, first + count)) + ")"


def filled_up(values: Sequence[Any]) -> list[Any]:
    """The last value again, up to a power of two: an `IN` of any length is one of few statements."""
    if not values:
        return []
    return [*values, *[values[-1]] * ((1 << (len(values) - 1).bit_length()) - len(values))]


def dialect() -> str:
    """ "sqlite" or "postgres"."""
    return "sqlite" if _client().capabilities.dialect == "sqlite" else "postgres"


def as_datetime(value: datetime | str) -> datetime:
    """A moment from a row: SQLite gives text, PostgreSQL a datetime."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

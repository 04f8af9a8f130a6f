"""The shape of a database (tables, indexes, triggers), and a filling that suits any shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from realtime.sql import dialect, sql

NOTES = "tortoise_migrations"
POSTGRES_SHAPE = """
    SELECT 'column' AS kind, table_name || '.' || column_name AS name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default) AS text
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"""
POSTGRES_COLUMNS = """
    SELECT column_name AS name, data_type AS type, character_maximum_length AS length
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name = {0}"""
POSTGRES_FOREIGN = """
    SELECT a.attname AS column, c.confrelid::regclass::text AS target FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.conrelid = {0}::text::regclass"""
POSTGRES_LEADING = """
    SELECT a.attname AS column FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indpred IS NULL AND i.indrelid = {0}::text::regclass"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the table that it refers to ("" for none)."""

    name: str
    type: str
    length: int
    target: str


async def shape() -> dict[tuple[str, str], str]:
    """All that makes the open database what it is, less its rows."""
    if dialect() == "postgres":
        rows = await sql(POSTGRES_SHAPE)
    else:
        rows = await sql("SELECT type AS kind, name, sql AS text FROM sqlite_master WHERE sql IS NOT NULL")
    return {(row["kind"], row["name"]): " ".join(row["text"].split()) for row in rows}


async def tables() -> list[str]:
    """The tables that hold something of ours, those that others refer to first."""
    if dialect() == "postgres":
        rows = await sql("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    else:
        rows = await sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    waiting = {row["name"]: {c.target for c in await columns(row["name"])} for row in rows}
    waiting.pop(NOTES, None)
    done: list[str] = []
    while waiting:
        ready = sorted(name for name, targets in waiting.items() if not (targets & waiting.keys()) - {name})
        assert ready, f"tables that refer to each other in a ring: {waiting}"
        done += ready
        for name in ready:
            del waiting[name]
    return done


async def columns(table: str) -> list[Column]:
    """The columns of a table."""
    targets = await foreign_keys(table)
    if dialect() == "postgres":
        rows = await sql(POSTGRES_COLUMNS, table)
        return [Column(r["name"], r["type"], r["length"] or 0, targets.get(r["name"], "")) for r in rows]
    found = []
    for row in await sql(f"PRAGMA table_info({table})"):
        kind, _, rest = row["type"].partition("(")
        length = int(rest.rstrip(")")) if rest else 0
        found.append(Column(row["name"], kind.lower(), length, targets.get(row["name"], "")))
    return found


async def foreign_keys(table: str) -> dict[str, str]:
    """Its columns that refer to another table → that table."""
    if dialect() == "postgres":
        return {row["column"]: row["target"] for row in await sql(POSTGRES_FOREIGN, table)}
    return {row["from"]: row["table"] for row in await sql(f"PRAGMA foreign_key_list({table})")}


async def leading_columns(table: str) -> set[str]:
    """The columns by which the rows of a table are found without reading it all."""
    if dialect() == "postgres":
        return {row["column"] for row in await sql(POSTGRES_LEADING, table)}
    found = {row["name"] for row in await sql(f"PRAGMA table_info({table})") if row["pk"] == 1}
    for index in await sql(f"PRAGMA index_list({table})"):
        if not index["partial"]:
            found.add((await sql(f"PRAGMA index_info('{index['name']}')"))[0]["name"])
    return found


async def fill(rows: int) -> None:
    """Put so many rows in every table, whatever its columns: each refers to the rows of its own number."""
    for table in await tables():
        found = await columns(table)
        names = ", ".join(column.name for column in found)
        places = ", ".join(f"{{{n}}}" for n in range(len(found)))
        for n in range(1, rows + 1):
            await sql(f"INSERT INTO {table} ({names}) VALUES ({places})", *(_value(c, n) for c in found))


def _value(column: Column, n: int) -> Any:
    if column.target or "int" in column.type:
        return n
    if "bool" in column.type:
        return n % 2 == 0
    if "time" in column.type or "date" in column.type:
        return datetime(2026, 11, 24, 12, n, tzinfo=UTC)
    if "real" in column.type or "double" in column.type:
        return n / 2
    text = f"{n} {column.name}"
    return text[: column.length] if column.length else "{}" if "json" in column.type else text


async def contents(wanted: Iterable[tuple[str, list[Column]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables, of these columns."""
    found = {}
    for table, its_columns in wanted:
        names = ", ".join(column.name for column in its_columns)
        rows = await sql(f"SELECT {names} FROM {table}")
        found[table] = sorted(tuple(map(str, row.values())) for row in rows)
    return found
